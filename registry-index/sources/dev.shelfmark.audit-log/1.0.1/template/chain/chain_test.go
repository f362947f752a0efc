package chain

import "testing"

func TestAChangedEntryIsFound(t *testing.T) {
	entries := []map[string]any{{"action": "a"}, {"action": "b"}, {"action": "c"}}
	var hashes []string
	head := Head{}
	for _, entry := range entries {
		head, _ = Append(head, entry)
		hashes = append(hashes, head.Hash)
	}
	entries[1]["action"] = "x"
	if at, _ := Verify(Head{}, entries, hashes); at != 2 {
		t.Fatalf("first bad entry is %d, want 2", at)
	}
}

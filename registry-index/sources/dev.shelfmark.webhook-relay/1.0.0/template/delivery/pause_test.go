package delivery

import (
	"testing"
	"time"
)

func TestAPauseNeverExceedsAnHour(t *testing.T) {
	for attempt := 1; attempt < 40; attempt++ {
		if got := Pause(attempt, 1); got > time.Hour {
			t.Fatalf("pause after attempt %d is %s", attempt, got)
		}
	}
}

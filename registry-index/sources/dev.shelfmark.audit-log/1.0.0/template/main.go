// The audit log service. It keeps entries in memory until a store for schema.sql is connected.
package main

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"os"
	"sync"
	"time"

	"example.com/{{ name }}/chain"
)

type service struct {
	mu      sync.Mutex
	head    chain.Head
	entries []map[string]any
}

func main() {
	s := &service{}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /entries", s.add)
	mux.HandleFunc("GET /head", s.showHead)
	server := &http.Server{Addr: ":8080", Handler: mux, ReadTimeout: 10 * time.Second}
	if err := server.ListenAndServe(); err != nil {
		slog.Error("server stopped", "error", err)
		os.Exit(1)
	}
}

func (s *service) add(w http.ResponseWriter, r *http.Request) {
	var entry map[string]any
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 64<<10)).Decode(&entry); err != nil {
		http.Error(w, "the entry is not JSON", http.StatusBadRequest)
		return
	}
	for _, key := range []string{"actor", "action", "subject"} {
		if entry[key] == nil {
			http.Error(w, "the entry has no "+key, http.StatusBadRequest)
			return
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	head, err := chain.Append(s.head, entry)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	s.head, s.entries = head, append(s.entries, entry)
	reply(w, http.StatusCreated, head)
}

func (s *service) showHead(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	reply(w, http.StatusOK, s.head)
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

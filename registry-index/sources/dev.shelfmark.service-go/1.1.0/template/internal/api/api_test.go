package api

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestHealthAnswersOK(t *testing.T) {
	routes := Routes(slog.New(slog.NewTextHandler(io.Discard, nil)))
	answer := httptest.NewRecorder()
	routes.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/health", nil))
	if answer.Code != http.StatusOK {
		t.Fatalf("status is %d, want %d", answer.Code, http.StatusOK)
	}
}

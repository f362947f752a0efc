// Package delivery hands deliveries to subscribers.
package delivery

import "time"

const (
	first = 5 * time.Second
	most  = time.Hour
)

// Pause returns how long to wait after a failed attempt; spread is a random number between 0 and 1.
func Pause(attempt int, spread float64) time.Duration {
	pause := first
	for i := 1; i < attempt && pause < most; i++ {
		pause *= 2
	}
	if pause > most {
		pause = most
	}
	return pause/2 + time.Duration(spread*float64(pause/2))
}

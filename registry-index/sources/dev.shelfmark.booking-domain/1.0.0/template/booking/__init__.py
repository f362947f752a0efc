"""Appointments without double bookings."""

"""Appointments: booked whole or not at all, moved as shown, confirmed, arrived, missed."""

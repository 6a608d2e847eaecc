"""Dated legal parameters: profiles, the working calendar and deadline arithmetic; pure functions over tables."""

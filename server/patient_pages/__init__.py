"""The patient's tasks as plain web pages: no script, every task by keyboard, any screen reader."""

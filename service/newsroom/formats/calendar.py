"""The end of an embargo for a calendar (RFC 5545): the hour from which the story may be told."""

from datetime import datetime, timedelta

from icalendar import Alarm, Calendar, Event

from service.newsroom.story import Story

BEFORE = timedelta(minutes=15)


def write(story: Story, until: datetime) -> bytes:
    """One event at the embargo's end, with a reminder a quarter of an hour before."""
    event = Event()
    event.add("uid", f"{story.release_id}@{story.sender.address.rpartition('@')[2]}")
    event.add("dtstamp", story.changed_at)
    event.add("dtstart", until)
    event.add("duration", timedelta(0))
    event.add("summary", f"Embargo ends: {story.edition.headline}")
    event.add("description", story.sender.name)
    event.add("transp", "TRANSPARENT")
    reminder = Alarm()
    reminder.add("action", "DISPLAY")
    reminder.add("trigger", -BEFORE)
    reminder.add("description", f"Embargo ends: {story.edition.headline}")
    event.add_component(reminder)
    calendar = Calendar()
    calendar.add("prodid", "-//Dateline//Newsroom//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical())

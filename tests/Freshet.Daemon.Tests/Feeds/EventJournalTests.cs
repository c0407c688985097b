using System.Text;
using Freshet.Daemon.Feeds;

namespace Freshet.Daemon.Tests.Feeds;

public class EventJournalTests
{
    [Fact]
    public void Any_number_of_readers_read_the_events_after_a_position()
    {
        EventJournal journal = new();
        journal.Append("change", "{\"a\":1}"u8);
        journal.Append("log", "{}"u8);
        IReadOnlyList<byte[]> events = journal.ReadAfter(1)!;
        Assert.Equal($"id: {journal.IdOf(2)}\nevent: log\ndata: {{}}\n\n", Encoding.UTF8.GetString(events.Single()));
        Assert.Same(events[0], journal.ReadAfter(1)![0]);
        Assert.Equal(2, journal.ReadAfter(0)!.Count);
        Assert.Empty(journal.ReadAfter(2)!);
    }

    [Fact]
    public void Old_events_are_forgotten_and_a_position_among_them_is_no_longer_known()
    {
        EventJournal journal = new();
        for (int i = 0; i < Bounds.MaxKeptEvents + 10; i++)
            journal.Append("change", "{}"u8);
        Assert.Null(journal.ReadAfter(9));
        Assert.Equal(Bounds.MaxKeptEvents, journal.ReadAfter(10)!.Count);
        Assert.Null(journal.ReadAfter(journal.Last + 1));
    }

    [Fact]
    public void The_bytes_that_are_kept_are_bounded()
    {
        EventJournal journal = new();
        byte[] large = new byte[Bounds.MaxKeptEventBytes / 4];
        for (int i = 0; i < 10; i++)
            journal.Append("change", large);
        Assert.Equal(3, journal.ReadAfter(journal.Last - 3)!.Count);
        Assert.Null(journal.ReadAfter(journal.Last - 4));
    }

    [Fact]
    public void Ids_of_another_process_have_no_number()
    {
        EventJournal journal = new();
        Assert.Equal(7, journal.NumberOf(journal.IdOf(7)));
        Assert.Null(new EventJournal().NumberOf(journal.IdOf(7)));
        Assert.Null(journal.NumberOf(null));
        Assert.Null(journal.NumberOf(journal.IdOf(7) + "x"));
    }
}

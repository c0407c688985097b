using System.Runtime.CompilerServices;
using Freshet.Core;
using Freshet.Running;

namespace Freshet.Tests.Running;

public class EventHubTests
{
    [Fact]
    public async Task Every_reader_gets_every_event_in_order()
    {
        EventHub hub = new();
        IAsyncEnumerable<SessionEvent> first = hub.Subscribe(TestContext.Current.CancellationToken);
        IAsyncEnumerable<SessionEvent> second = hub.Subscribe(TestContext.Current.CancellationToken);
        for (int i = 0; i < 10; i++)
            hub.Publish(Warn(i));
        hub.Close();
        string[] expected = [.. Enumerable.Range(0, 10).Select(i => $"{i}")];
        Assert.Equal(expected, await MessagesOf(first));
        Assert.Equal(expected, await MessagesOf(second));
    }

    [Fact]
    public async Task A_slow_reader_loses_the_oldest_and_is_told_how_many()
    {
        EventHub hub = new();
        IAsyncEnumerable<SessionEvent> slow = hub.Subscribe(TestContext.Current.CancellationToken);
        for (int i = 0; i < Limits.MaxPendingEvents + 7; i++)
            hub.Publish(Warn(i));
        hub.Close();
        List<SessionEvent> seen = [];
        await foreach (SessionEvent happened in slow)
            seen.Add(happened);
        Assert.Equal(7, Assert.IsType<SessionEvent.EventsDropped>(seen[0]).Count);
        Assert.Equal("7", Assert.IsType<SessionEvent.Warning>(seen[1]).Message);
        Assert.Equal(Limits.MaxPendingEvents + 1, seen.Count);
    }

    [Fact]
    public async Task A_reader_that_leaves_is_forgotten()
    {
        EventHub hub = new();
        using CancellationTokenSource leaves = new();
        IAsyncEnumerable<SessionEvent> events = hub.Subscribe(leaves.Token);
        Assert.True(hub.HasReaders);
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await MessagesOf(events));
        Assert.False(hub.HasReaders);
    }

    [Fact]
    public void A_subscription_that_is_dropped_before_it_is_read_is_forgotten()
    {
        EventHub hub = new();
        SubscribeAndDrop(hub);
        Assert.True(hub.HasReaders);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        hub.Publish(Warn(1));
        Assert.False(hub.HasReaders);
    }

    [Fact]
    public async Task A_subscription_that_waits_is_kept_even_if_nobody_else_holds_it()
    {
        EventHub hub = new();
        Task<List<string>> reading = MessagesOf(hub.Subscribe(TestContext.Current.CancellationToken));
        GC.Collect();
        hub.Publish(Warn(1));
        hub.Close();
        Assert.Equal(["1"], await reading);
    }

    [Fact]
    public async Task A_second_enumeration_ends_with_what_the_first_has_left()
    {
        EventHub hub = new();
        IAsyncEnumerable<SessionEvent> events = hub.Subscribe(TestContext.Current.CancellationToken);
        hub.Publish(Warn(1));
        hub.Publish(Warn(2));
        await foreach (SessionEvent happened in events)
        {
            Assert.Equal("1", Assert.IsType<SessionEvent.Warning>(happened).Message);
            break;
        }

        hub.Publish(Warn(3));
        Assert.Equal(["2"], await MessagesOf(events).Bounded());
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void SubscribeAndDrop(EventHub hub) => hub.Subscribe(TestContext.Current.CancellationToken);

    private static SessionEvent.Warning Warn(int number) => new(null, $"{number}");

    private static async Task<List<string>> MessagesOf(IAsyncEnumerable<SessionEvent> events)
    {
        List<string> messages = [];
        await foreach (SessionEvent happened in events)
            messages.Add(Assert.IsType<SessionEvent.Warning>(happened).Message);
        return messages;
    }
}

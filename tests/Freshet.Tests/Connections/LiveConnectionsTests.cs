using Freshet.Connections;

namespace Freshet.Tests.Connections;

public class LiveConnectionsTests
{
    private readonly VirtualTime _time = new();

    [Fact]
    public async Task Without_connections_the_end_does_not_wait()
    {
        LiveConnections live = new();
        live.Add(Task.CompletedTask);
        Assert.Equal(0, await live.WaitForNoneAsync(TimeSpan.FromSeconds(1), _time).Bounded());
    }

    [Fact]
    public async Task The_end_waits_until_the_last_connection_has_ended_in_any_way()
    {
        LiveConnections live = new();
        TaskCompletionSource first = new();
        TaskCompletionSource second = new();
        live.Add(first.Task);
        live.Add(second.Task);
        Task<int> waiting = live.WaitForNoneAsync(TimeSpan.FromSeconds(1), _time);
        first.SetException(new InvalidOperationException("a bug"));
        Assert.False(waiting.IsCompleted);
        Assert.Equal(1, live.Count);
        second.SetCanceled(TestContext.Current.CancellationToken);
        Assert.Equal(0, await waiting.Bounded());
    }

    [Fact]
    public async Task The_end_does_not_wait_for_ever()
    {
        LiveConnections live = new();
        live.Add(new TaskCompletionSource().Task);
        Task<int> waiting = live.WaitForNoneAsync(TimeSpan.FromSeconds(1), _time);
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, await waiting.Bounded());
    }
}

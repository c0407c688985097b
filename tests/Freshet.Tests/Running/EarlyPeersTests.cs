using Freshet.Core;
using Freshet.Running;
using Freshet.Tests.Connections;

namespace Freshet.Tests.Running;

public class EarlyPeersTests
{
    private readonly VirtualTime _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_waits_goes_on_when_the_torrent_opens()
    {
        EarlyPeers early = new(_time);
        bool isOpen = false;
        Task<bool> waiting = early.WaitAsync(() => isOpen, () => true, Token);
        early.OnChange();
        Assert.False(waiting.IsCompleted);
        isOpen = true;
        early.OnChange();
        Assert.True(await waiting.Bounded());
    }

    [Fact]
    public async Task Who_waits_for_nothing_any_more_is_sent_away()
    {
        EarlyPeers early = new(_time);
        bool mayOpen = true;
        Task<bool> waiting = early.WaitAsync(() => false, () => mayOpen, Token);
        Assert.False(waiting.IsCompleted);
        mayOpen = false;
        early.OnChange();
        Assert.False(await waiting.Bounded());
        Assert.False(await early.WaitAsync(() => false, () => false, Token).Bounded());
    }

    [Fact]
    public async Task Nobody_waits_for_long()
    {
        EarlyPeers early = new(_time);
        Task<bool> waiting = early.WaitAsync(() => false, () => true, Token);
        _time.Advance(TimeSpan.FromSeconds(Limits.EarlyPeerSeconds - 1));
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(await waiting.Bounded());
    }

    [Fact]
    public async Task Few_may_wait_and_each_makes_room_for_another()
    {
        EarlyPeers early = new(_time);
        using CancellationTokenSource leaves = new();
        Task<bool> first = early.WaitAsync(() => false, () => true, leaves.Token);
        Task<bool>[] others = [.. Enumerable.Range(1, Limits.MaxEarlyPeers - 1).Select(_ => early.WaitAsync(() => false, () => true, Token))];
        Assert.False(await early.WaitAsync(() => true, () => true, Token).Bounded());
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.Bounded());
        Assert.True(await early.WaitAsync(() => true, () => true, Token).Bounded());
        Assert.All(others, other => Assert.False(other.IsCompleted));
        _time.Advance(TimeSpan.FromSeconds(Limits.EarlyPeerSeconds));
        await Task.WhenAll(others).Bounded();
    }
}

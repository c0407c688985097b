using System.Net;
using Freshet.Core;
using Freshet.Running;
using Freshet.Tests.Connections;

namespace Freshet.Tests.Running;

public class EarlyPeersTests
{
    private static readonly IPAddress Far = IPAddress.Parse("203.0.113.1");

    private readonly VirtualTime _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_waiting_peer_goes_on_when_the_torrent_opens()
    {
        EarlyPeers early = new(_time);
        bool isOpen = false;
        Task<bool> waiting = early.WaitAsync(Far, () => isOpen, () => true, Token);
        early.OnChange();
        Assert.False(waiting.IsCompleted);
        isOpen = true;
        early.OnChange();
        Assert.True(await waiting.Bounded());
    }

    [Fact]
    public async Task A_peer_that_no_longer_has_anything_to_wait_for_is_sent_away()
    {
        EarlyPeers early = new(_time);
        bool mayOpen = true;
        Task<bool> waiting = early.WaitAsync(Far, () => false, () => mayOpen, Token);
        Assert.False(waiting.IsCompleted);
        mayOpen = false;
        early.OnChange();
        Assert.False(await waiting.Bounded());
        Assert.False(await early.WaitAsync(Far, () => false, () => false, Token).Bounded());
    }

    [Fact]
    public async Task Nobody_waits_for_long()
    {
        EarlyPeers early = new(_time);
        Task<bool> waiting = early.WaitAsync(Far, () => false, () => true, Token);
        _time.Advance(TimeSpan.FromSeconds(Limits.EarlyPeerSeconds - 1));
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(await waiting.Bounded());
    }

    [Fact]
    public async Task If_too_many_wait_the_first_one_of_the_most_crowded_address_goes()
    {
        EarlyPeers early = new(_time);
        IPAddress near = IPAddress.Parse("198.51.100.1");
        Task<bool> other = early.WaitAsync(near, () => false, () => true, Token);
        Task<bool>[] crowd = [.. Enumerable.Range(0, Limits.MaxEarlyPeers - 1)
            .Select(_ => early.WaitAsync(Far, () => false, () => true, Token))];
        Assert.All(crowd, waiting => Assert.False(waiting.IsCompleted));
        Task<bool> late = early.WaitAsync(near, () => false, () => true, Token);
        Assert.False(await crowd[0].Bounded());
        Assert.All(crowd[1..], waiting => Assert.False(waiting.IsCompleted));
        Assert.False(other.IsCompleted || late.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(Limits.EarlyPeerSeconds));
        await Task.WhenAll([other, late, .. crowd]).Bounded();
    }
}

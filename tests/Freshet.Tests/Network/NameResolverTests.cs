using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Freshet.Network;

namespace Freshet.Tests.Network;

public sealed class NameResolverTests : IDisposable
{
    private readonly ManualResetEventSlim _answer = new();
    private readonly ConcurrentQueue<string> _asked = new();
    private int _onPool;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _answer.Dispose();

    [Fact]
    public async Task An_address_is_not_looked_up()
    {
        NameResolver names = new(_ => throw new InvalidOperationException("looked up"));
        Assert.Equal([IPAddress.Parse("192.0.2.7")], await names.ResolveAsync("192.0.2.7", Token));
        Assert.Equal([IPAddress.IPv6Loopback], await names.ResolveAsync("::1", Token));
    }

    [Fact]
    public async Task Dead_name_servers_block_few_threads_and_none_of_the_pool()
    {
        NameResolver names = new(Slow);
        Task<IPAddress[]>[] asking = [.. Enumerable.Range(0, 50).Select(i => names.ResolveAsync($"host{i}.test", Token))];
        await Patience.Until(() => _asked.Count == NetworkLimits.MaxNameLookups);
        Assert.All(asking, task => Assert.False(task.IsCompleted));
        _answer.Set();
        await Task.WhenAll(asking).Bounded();
        Assert.Equal(50, _asked.Count);
        Assert.Equal(0, _onPool);
    }

    [Fact]
    public async Task One_lookup_serves_all_who_ask_for_the_same_name()
    {
        NameResolver names = new(Slow);
        Task<IPAddress[]>[] asking = [.. Enumerable.Range(0, 50)
            .Select(i => names.ResolveAsync(i % 2 == 0 ? "one.test" : "ONE.test", Token))];
        await Patience.Until(() => _asked.Count == 1);
        _answer.Set();
        Assert.All(await Task.WhenAll(asking).Bounded(), addresses => Assert.Equal([IPAddress.Loopback], addresses));
        Assert.Single(_asked);

        // The result is not kept: names move.
        await names.ResolveAsync("one.test", Token).Bounded();
        Assert.Equal(2, _asked.Count);
    }

    [Fact]
    public async Task A_name_that_nobody_waits_for_any_more_is_not_looked_up()
    {
        NameResolver names = new(Slow);
        Task<IPAddress[]>[] busy =
            [.. Enumerable.Range(0, NetworkLimits.MaxNameLookups).Select(i => names.ResolveAsync($"host{i}.test", Token))];
        using CancellationTokenSource leaves = new();
        Task<IPAddress[]> left = names.ResolveAsync("left.test", leaves.Token);
        await Patience.Until(() => _asked.Count == NetworkLimits.MaxNameLookups);
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left.Bounded());
        _answer.Set();
        await Task.WhenAll(busy).Bounded();
        await names.ResolveAsync("later.test", Token).Bounded();
        Assert.DoesNotContain("left.test", _asked);
    }

    [Fact]
    public async Task Too_many_names_at_once_are_refused()
    {
        NameResolver names = new(Slow);
        Task<IPAddress[]>[] asking = [.. Enumerable.Range(0, NetworkLimits.MaxNameLookups)
            .Select(i => names.ResolveAsync($"host{i}.test", Token))];
        await Patience.Until(() => _asked.Count == NetworkLimits.MaxNameLookups);
        Task<IPAddress[]>[] queued = [.. Enumerable.Range(0, NetworkLimits.MaxQueuedNameLookups)
            .Select(i => names.ResolveAsync($"more{i}.test", Token))];
        SocketException refused = await Assert.ThrowsAsync<SocketException>(() => names.ResolveAsync("last.test", Token));
        Assert.Equal(SocketError.TryAgain, refused.SocketErrorCode);
        _answer.Set();
        await Task.WhenAll([.. asking, .. queued]).Bounded();
    }

    [Fact]
    public async Task Many_names_of_a_torrent_that_are_never_answered_hold_up_few_threads_and_nobody_else()
    {
        NameResolver names = new(host => host.StartsWith("dead", StringComparison.Ordinal) ? Slow(host) : [IPAddress.Loopback]);
        Task<IPAddress[]>[] dead = [.. Enumerable.Range(0, 200)
            .Select(i => names.ResolveAsync($"dead{i}.test", Token, NameUrgency.Minor))];
        await Patience.Until(() => _asked.Count == NetworkLimits.MaxMinorNameLookups);
        for (int i = 0; i < 2 * NetworkLimits.MaxNameLookups; i++)
            await names.ResolveAsync($"good{i}.test", Token).Bounded();
        Assert.Equal(NetworkLimits.MaxMinorNameLookups, _asked.Count);
        Assert.All(dead, task => Assert.False(task.IsCompleted));

        // A name that is needed after all does not wait for the others.
        Task<IPAddress[]> needed = names.ResolveAsync("dead150.test", Token);
        await Patience.Until(() => _asked.Contains("dead150.test"));
        _answer.Set();
        await Task.WhenAll([.. dead, needed]).Bounded();
        Assert.Equal(200, _asked.Count);
    }

    [Fact]
    public async Task A_lookup_that_fails_fails_for_its_callers_and_the_next_one_runs()
    {
        NameResolver names = new(host => host switch
        {
            "unknown.test" => throw new SocketException((int)SocketError.HostNotFound),
            "long.test" => throw new ArgumentOutOfRangeException(host),
            "bug.test" => throw new InvalidOperationException("a bug"),
            _ => [IPAddress.Loopback],
        });
        SocketException unknown = await Assert.ThrowsAsync<SocketException>(() => names.ResolveAsync("unknown.test", Token).Bounded());
        Assert.Equal(SocketError.HostNotFound, unknown.SocketErrorCode);
        SocketException impossible = await Assert.ThrowsAsync<SocketException>(() => names.ResolveAsync("long.test", Token).Bounded());
        Assert.Equal(SocketError.HostNotFound, impossible.SocketErrorCode);
        await Assert.ThrowsAsync<InvalidOperationException>(() => names.ResolveAsync("bug.test", Token).Bounded());
        Assert.Equal([IPAddress.Loopback], await names.ResolveAsync("good.test", Token).Bounded());
    }

    [Fact]
    public async Task The_systems_resolver_knows_this_machine() =>
        Assert.All(
            await new NameResolver().ResolveAsync("localhost", Token).Bounded(), address => Assert.True(IPAddress.IsLoopback(address)));

    private IPAddress[] Slow(string host)
    {
        if (Thread.CurrentThread.IsThreadPoolThread)
            Interlocked.Increment(ref _onPool);
        _asked.Enqueue(host);
        _answer.Wait(Patience.Bound);
        return [IPAddress.Loopback];
    }
}

using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Freshet.Network;
using Freshet.Running;
using Freshet.Tests.Connections;

namespace Freshet.Tests.Running;

public sealed class NamedPeersTests : IDisposable
{
    private readonly CancellationTokenSource _run = new();
    private readonly ConcurrentQueue<IPEndPoint> _found = new();
    private readonly VirtualTime _time = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task A_name_that_cannot_be_looked_up_yet_is_tried_again_and_so_is_one_that_leads_elsewhere_later()
    {
        int lookups = 0;
        NetworkBinding binding = Resolving(_ => Interlocked.Increment(ref lookups) switch
        {
            1 or 2 => throw new SocketException((int)SocketError.HostNotFound),
            3 => [IPAddress.Parse("1.2.3.4")],
            _ => [IPAddress.Parse("1.2.3.5")],
        });
        Task running = new NamedPeers(binding, _time).RunAsync(
            ["5.6.7.8:9", "[2001:db9::1]:9", "peer.example:80", "none"], Find, _run.Token);
        Assert.Equal([IPEndPoint.Parse("5.6.7.8:9"), IPEndPoint.Parse("[2001:db9::1]:9")], _found);
        await _time.PassUntil(() => _found.Contains(IPEndPoint.Parse("1.2.3.4:80")), TimeSpan.FromSeconds(1));
        Assert.True(_time.Elapsed >= NamedPeers.FirstRetry * 3 * 0.8, $"after {_time.Elapsed}");
        TimeSpan before = _time.Elapsed;
        await _time.PassUntil(() => _found.Contains(IPEndPoint.Parse("1.2.3.5:80")), TimeSpan.FromSeconds(10));
        Assert.True(_time.Elapsed - before >= NamedPeers.Interval * 0.7, $"after {_time.Elapsed - before}");
        await _run.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.Bounded());
    }

    [Fact]
    public async Task Only_a_name_that_failed_is_looked_up_again_until_it_is_time_for_all()
    {
        ConcurrentQueue<string> lookups = [];
        NetworkBinding binding = Resolving(host =>
        {
            lookups.Enqueue(host);
            return host == "dead.example" ? throw new SocketException((int)SocketError.HostNotFound) : [IPAddress.Parse("1.2.3.4")];
        });
        Task running = new NamedPeers(binding, _time).RunAsync(["dead.example:80", "live.example:80"], Find, _run.Token);
        await _time.PassUntil(() => lookups.Count(IsDead) >= 4, TimeSpan.FromSeconds(1));
        Assert.Equal(1, lookups.Count(host => !IsDead(host)));
        await _time.PassUntil(() => lookups.Count(host => !IsDead(host)) == 2, TimeSpan.FromSeconds(10));
        Assert.True(_time.Elapsed >= NamedPeers.Interval, $"after {_time.Elapsed}");
        await _run.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.Bounded());

        static bool IsDead(string host) => host == "dead.example";
    }

    [Fact]
    public async Task Only_the_first_of_very_many_names_in_a_link_are_looked_up()
    {
        ConcurrentQueue<string> lookups = [];
        NetworkBinding binding = Resolving(host =>
        {
            lookups.Enqueue(host);
            return [IPAddress.Parse("1.2.3.4")];
        });
        Task running = new NamedPeers(binding, _time).RunAsync(
            [.. Enumerable.Range(0, 3_000).Select(i => $"peer{i}.example:80")], Find, _run.Token);
        await _time.PassUntil(() => lookups.Count > NetworkLimits.MaxNamesOfLink, TimeSpan.FromSeconds(10));
        Assert.Equal(NetworkLimits.MaxNamesOfLink, lookups.Distinct().Count());
        await _run.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.Bounded());
    }

    [Fact]
    public async Task Without_names_there_is_nothing_to_wait_for()
    {
        NetworkBinding binding = Resolving(_ => throw new InvalidOperationException("nothing may be looked up"));
        await new NamedPeers(binding, _time).RunAsync(["5.6.7.8:9", "no port", ":80", "x:99999"], Find, _run.Token).Bounded();
        Assert.Equal([IPEndPoint.Parse("5.6.7.8:9")], _found);
    }

    [Fact]
    public async Task Any_number_of_names_of_one_torrent_leave_room_for_those_of_another()
    {
        using ManualResetEventSlim answers = new();
        NetworkBinding binding = Resolving(host =>
        {
            answers.Wait(Patience.Bound);
            return [IPAddress.Parse(host == "other.example" ? "1.1.1.1" : "2.2.2.2")];
        });
        NamedPeers named = new(binding, _time);
        Task many = named.RunAsync([.. Enumerable.Range(0, 3_000).Select(i => $"peer{i}.example:80")], Find, _run.Token);
        Task one = named.RunAsync(["other.example:80"], Find, _run.Token);
        answers.Set();
        await Patience.Until(() => _found.Contains(IPEndPoint.Parse("1.1.1.1:80")));
        await _run.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(many, one).Bounded());
    }

    private static NetworkBinding Resolving(Func<string, IPAddress[]> lookUp) => new() { Names = new NameResolver(lookUp) };

    private Task Find(IReadOnlyList<IPEndPoint> peers)
    {
        foreach (IPEndPoint peer in peers)
            _found.Enqueue(peer);
        return Task.CompletedTask;
    }
}

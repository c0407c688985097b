using System.Net;
using System.Net.Sockets;
using System.Text;
using Freshet.Core.Trackers;
using Freshet.Discovery;
using Freshet.Network;

namespace Freshet.Tests.Discovery;

/// <summary>An announce for one address family is sent over that family only (BEP 7).</summary>
public sealed class HttpTrackerFamilyTests : IDisposable
{
    private const string Answer = "d8:intervali1800e5:peers6:\u0001\u0002\u0003\u0004\u001a\u00e1e";

    private static readonly AnnounceRequest Request = SampleAnnounce.Request with { Key = 0xC0FFEE };

    private readonly TrackerService _tracker = new(
        new HttpRequesterOptions { Binding = new NetworkBinding { Names = new NameResolver(AddressesOf) } });

    public void Dispose() => _tracker.Dispose();

    [Fact]
    public async Task A_tracker_with_addresses_of_both_families_is_asked_over_each_with_the_same_key()
    {
        Requires.IPv6Loopback();
        await using ScriptedServer v4 = Listen(IPAddress.Loopback, 0);
        await using ScriptedServer v6 = Listen(IPAddress.IPv6Loopback, v4.EndPoint.Port);
        string url = $"http://both.test:{v4.EndPoint.Port}/announce";
        (AnnounceFamily, ScriptedServer, ScriptedServer)[] both = [(AnnounceFamily.IPv4, v4, v6), (AnnounceFamily.IPv6, v6, v4)];
        foreach ((AnnounceFamily family, ScriptedServer asked, ScriptedServer other) in both)
        {
            // Twice, since a connection that was kept must not serve the other family.
            int before = other.Heads.Count;
            Assert.True((await AnnounceAsync(url, family)).HasAnswer);
            Assert.True((await AnnounceAsync(url, family)).HasAnswer);
            Assert.Equal(2, asked.Heads.Count);
            Assert.Equal(before, other.Heads.Count);
            Assert.All(asked.Heads, head => Assert.Contains("&key=00C0FFEE&", head, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Announces_follow_one_another_over_one_connection_of_each_family()
    {
        Requires.IPv6Loopback();
        await using ScriptedServer v4 = ListenAndKeep(IPAddress.Loopback, 0);
        await using ScriptedServer v6 = ListenAndKeep(IPAddress.IPv6Loopback, v4.EndPoint.Port);
        string url = $"http://both.test:{v4.EndPoint.Port}/announce";
        for (int i = 0; i < 3; i++)
        {
            Assert.True((await AnnounceAsync(url, AnnounceFamily.IPv4)).HasAnswer);
            Assert.True((await AnnounceAsync(url, AnnounceFamily.IPv6)).HasAnswer);
        }

        Assert.Equal((1, 1), (v4.Clients.Count, v6.Clients.Count));
    }

    [Fact]
    public async Task A_family_in_which_the_tracker_has_no_address_is_skipped()
    {
        await using ScriptedServer v4 = Listen(IPAddress.Loopback, 0);
        Assert.True((await AnnounceAsync($"http://v4.test:{v4.EndPoint.Port}/announce", AnnounceFamily.IPv6)).IsSkipped);
        Assert.True((await AnnounceAsync(v4.AnnounceUrl, AnnounceFamily.IPv6)).IsSkipped);
        Assert.True((await AnnounceAsync($"http://v6.test:{v4.EndPoint.Port}/announce", AnnounceFamily.IPv4)).IsSkipped);
        Assert.Empty(v4.Clients);
        Assert.True((await AnnounceAsync(v4.AnnounceUrl, AnnounceFamily.IPv4)).HasAnswer);
    }

    [Fact]
    public async Task A_family_that_cannot_be_reached_is_a_failure_and_is_not_skipped()
    {
        string url;
        await using (ScriptedServer gone = Listen(IPAddress.Loopback, 0))
            url = gone.AnnounceUrl;
        TrackerOutcome<AnnounceResponse> outcome = await AnnounceAsync(url, AnnounceFamily.IPv4);
        Assert.False(outcome.IsSkipped);
        Assert.EndsWith("refused the connection", outcome.Failure, StringComparison.Ordinal);
        Assert.False((await AnnounceAsync("http://nowhere.test/announce", AnnounceFamily.IPv6)).IsSkipped);
    }

    private static IPAddress[] AddressesOf(string name) => name switch
    {
        "both.test" => [IPAddress.IPv6Loopback, IPAddress.Loopback],
        "v4.test" => [IPAddress.Loopback],
        "v6.test" => [IPAddress.IPv6Loopback],
        _ => throw new SocketException((int)SocketError.HostNotFound),
    };

    private static ScriptedServer Listen(IPAddress address, int port) => new(
        async (_, stream, cancellation) => await stream.WriteAsync(
            Encoding.Latin1.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {Answer.Length}\r\nConnection: close\r\n\r\n{Answer}"),
            cancellation),
        address,
        port);

    // Each request comes in one piece.
    private static ScriptedServer ListenAndKeep(IPAddress address, int port) => new(
        async (_, stream, cancellation) =>
        {
            byte[] answer = Encoding.Latin1.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {Answer.Length}\r\n\r\n{Answer}");
            byte[] next = new byte[4_096];
            do
                await stream.WriteAsync(answer, cancellation);
            while (await stream.ReadAsync(next, cancellation) > 0);
        },
        address,
        port);

    private Task<TrackerOutcome<AnnounceResponse>> AnnounceAsync(string url, AnnounceFamily family) =>
        _tracker.AnnounceAsync(url, Request with { Family = family }, TestContext.Current.CancellationToken);
}

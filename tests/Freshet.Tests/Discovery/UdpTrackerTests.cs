using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Freshet.Core.Metainfo;
using Freshet.Core.Trackers;
using Freshet.Discovery;
using Freshet.Network;
using Freshet.Tests.Connections;
using Freshet.Tracker;

namespace Freshet.Tests.Discovery;

/// <summary>UDP trackers over real sockets; the protocol itself is tested without any.</summary>
public sealed class UdpTrackerTests : IAsyncDisposable
{
    private readonly List<UdpMux> _muxes = [];
    private readonly List<IDisposable> _trackers = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (IDisposable tracker in _trackers)
            tracker.Dispose();
        foreach (UdpMux mux in _muxes)
            await mux.DisposeAsync().AsTask().Bounded();
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task Our_client_and_our_tracker_understand_each_other(string address)
    {
        Requires.IPv6Loopback();
        await using TrackerServer server = await ServeAsync(address);
        TrackerService seed = NewService(new NetworkBinding());
        TrackerService leech = NewService(new NetworkBinding());
        string url = server.UdpAnnounceUrl!.ToString();
        AnnounceResponse first = (await seed.AnnounceAsync(url, SampleAnnounce.Request with { Left = 0 }, Cancellation)).Answer!;
        Assert.Empty(first.Peers);
        Assert.Equal((1, 0, TimeSpan.FromMinutes(15)), (first.Seeders, first.Leechers, first.Interval));
        AnnounceResponse second = (await leech.AnnounceAsync(url, SampleAnnounce.Request with { Port = 7000 }, Cancellation)).Answer!;
        Assert.Equal(new IPEndPoint(IPAddress.Parse(address), 6881), Assert.Single(second.Peers).EndPoint);

        InfoHash unknown = new("bbbbbbbbbbbbbbbbbbbb"u8);
        HashSet<InfoHash> asked = [unknown, SampleAnnounce.Request.InfoHash];
        ScrapeResponse scrape = (await seed.ScrapeAsync(url, asked, Cancellation)).Answer!;
        Assert.Equal(new ScrapedSwarm(1, 1, 0, null), scrape.Swarms[SampleAnnounce.Request.InfoHash]);
        Assert.Equal(new ScrapedSwarm(0, 0, 0, null), scrape.Swarms[unknown]);

        await seed.AnnounceAsync(url, SampleAnnounce.Request with { Event = AnnounceEvent.Stopped }, Cancellation);
        TrackerStatistics statistics = server.Statistics;
        Assert.Equal((1, 0, 3), (statistics.Peers, statistics.Seeds, statistics.Announces));
        Assert.Equal((3, 1), (statistics.UdpAnnounces, statistics.UdpScrapes));
        Assert.Equal(2, statistics.UdpConnects);
    }

    [Fact]
    public async Task Datagrams_come_from_the_bind_address()
    {
        await using TrackerServer server = await ServeAsync("127.0.0.1");
        TrackerService seed = NewService(new NetworkBinding(IPAddress.Parse("127.0.0.2")));
        TrackerService leech = NewService(new NetworkBinding(IPAddress.Parse("127.0.0.3")));
        string url = server.UdpAnnounceUrl!.ToString();
        await seed.AnnounceAsync(url, SampleAnnounce.Request, Cancellation);
        AnnounceResponse answer = (await leech.AnnounceAsync(url, SampleAnnounce.Request, Cancellation)).Answer!;
        Assert.Equal(IPEndPoint.Parse("127.0.0.2:6881"), Assert.Single(answer.Peers).EndPoint);
    }

    [Fact]
    public async Task A_family_in_which_the_tracker_has_no_address_is_skipped()
    {
        await using TrackerServer server = await ServeAsync("127.0.0.1");
        TrackerService service = NewService(new NetworkBinding());
        AnnounceRequest request = SampleAnnounce.Request with { Family = AnnounceFamily.IPv6 };
        Assert.True((await service.AnnounceAsync(server.UdpAnnounceUrl!.ToString(), request, Cancellation)).IsSkipped);
        Assert.Equal(0, server.Statistics.UdpConnects);
    }

    [Theory]
    [InlineData("tracker.example.org", "127.0.0.1")]
    [InlineData("router.example.org", "192.168.1.1")]
    public async Task A_public_name_that_leads_to_a_local_address_is_not_asked(string host, string address)
    {
        NameResolver names = new(_ => [IPAddress.Parse(address)]);
        TrackerService service = NewService(new NetworkBinding { Names = names });
        string? failure = (await service.AnnounceAsync($"udp://{host}:6969", SampleAnnounce.Request, Cancellation)).Failure;
        Assert.Equal($"the name {host} leads to {address}, which is not a public address: a tracker with a public name is not looked for "
            + "on a local network or on this machine", failure);
        Assert.Equal(0, _muxes[0].Statistics.Queued);
    }

    [Theory]
    [InlineData("udp://127.0.0.1", "the URL of a UDP tracker needs a port, like udp://tracker.example:6969")]
    [InlineData("udp://127.0.0.1:0/announce", "the URL of a UDP tracker needs a port, like udp://tracker.example:6969")]
    [InlineData("udp://nowhere.invalid:1", "the name nowhere.invalid is not known")]
    public async Task A_url_that_cannot_be_asked_is_a_failure_in_words(string url, string words) =>
        Assert.Equal(words, (await NewService(new NetworkBinding()).AnnounceAsync(url, SampleAnnounce.Request, Cancellation)).Failure);

    [Fact]
    public async Task A_network_without_a_route_to_it_is_reported_at_once()
    {
        TrackerService service = NewService(new NetworkBinding(IPAddress.Loopback));
        TrackerOutcome<AnnounceResponse> outcome =
            await service.AnnounceAsync("udp://192.0.2.1:6969", SampleAnnounce.Request, Cancellation);
        Assert.Equal(TrackerFault.Unreachable, outcome.Fault);
        Assert.StartsWith("192.0.2.1:6969 cannot be", outcome.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silent_tracker_is_given_up_and_those_who_wait_are_told()
    {
        using Socket silent = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        VirtualTime time = new();
        TrackerService service = NewService(new NetworkBinding(), time);
        string url = $"udp://{silent.LocalEndPoint}";
        Task<TrackerOutcome<AnnounceResponse>>[] announces =
            [.. Enumerable.Range(0, 3).Select(_ => service.AnnounceAsync(url, SampleAnnounce.Request, Cancellation))];
        await time.PassUntil(() => Array.TrueForAll(announces, announce => announce.IsCompleted), TimeSpan.FromSeconds(1));
        foreach (Task<TrackerOutcome<AnnounceResponse>> announce in announces)
        {
            Assert.Equal(TrackerFault.Unreachable, (await announce).Fault);
            Assert.Equal($"{silent.LocalEndPoint} did not answer within 45 seconds", (await announce).Failure);
        }
    }

    [Fact]
    public async Task A_forged_answer_from_elsewhere_is_ignored()
    {
        using Socket tracker = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        using Socket stranger = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        tracker.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        stranger.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        TrackerService service = NewService(new NetworkBinding());
        Task<TrackerOutcome<AnnounceResponse>> announce =
            service.AnnounceAsync($"udp://{tracker.LocalEndPoint}", SampleAnnounce.Request, Cancellation);
        byte[] request = new byte[2_000];
        SocketReceiveFromResult connect = await tracker.ReceiveFromAsync(request, new IPEndPoint(IPAddress.Any, 0), Cancellation);
        byte[] answer = new byte[16];
        request.AsSpan(12, 4).CopyTo(answer.AsSpan(4));
        BinaryPrimitives.WriteUInt32BigEndian(answer, 3);
        await stranger.SendToAsync(answer, connect.RemoteEndPoint, Cancellation);
        await Patience.Until(() => _muxes[0].Statistics.Unclaimed == 1);
        await tracker.SendToAsync(answer, connect.RemoteEndPoint, Cancellation);
        Assert.Equal($"{tracker.LocalEndPoint} the tracker refused without a reason", (await announce).Failure);
    }

    [Fact]
    public async Task Cancelling_and_the_end_of_the_session_end_an_announce()
    {
        using Socket silent = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        TrackerService service = NewService(new NetworkBinding());
        using CancellationTokenSource cancelled = new();
        Task<TrackerOutcome<AnnounceResponse>> first =
            service.AnnounceAsync($"udp://{silent.LocalEndPoint}", SampleAnnounce.Request, cancelled.Token);
        await Patience.Until(() => silent.Available > 0);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Task<TrackerOutcome<AnnounceResponse>> second =
            service.AnnounceAsync($"udp://{silent.LocalEndPoint}", SampleAnnounce.Request, Cancellation);
        service.Dispose();
        Assert.Equal(TrackerFault.PutOff, (await second).Fault);
        Assert.Equal(TrackerFault.PutOff, (await service.AnnounceAsync("udp://127.0.0.1:9", SampleAnnounce.Request, Cancellation)).Fault);
        await Patience.Until(() => _muxes[0].EndPoints.Count == 0);
    }

    private static Task<TrackerServer> ServeAsync(string address) => TrackerServer.StartAsync(
        new TrackerOptions { HttpEndPoints = [], UdpEndPoints = [new IPEndPoint(IPAddress.Parse(address), 0)] },
        cancellationToken: Cancellation);

    private TrackerService NewService(NetworkBinding binding, TimeProvider? time = null)
    {
        UdpMux mux = new(new UdpMuxOptions { Binding = binding, Time = time ?? TimeProvider.System });
        _muxes.Add(mux);
        TrackerService service = new(new HttpRequesterOptions { Binding = binding }, () => mux, time: time);
        _trackers.Add(service);
        return service;
    }
}

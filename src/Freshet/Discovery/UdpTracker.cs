using System.Net;
using System.Net.Sockets;
using Freshet.Core.Metainfo;
using Freshet.Core.Peers;
using Freshet.Core.Rates;
using Freshet.Core.Trackers;
using Freshet.Core.Wire.Proxies;
using Freshet.Loops;
using Freshet.Network;

namespace Freshet.Discovery;

/// <summary>
/// Queries UDP trackers (BEP 15) over the session's UDP port, which is opened for the first of them. <see cref="UdpTrackerMachine"/>, on
/// the mux's loop, decides what is sent when.
/// </summary>
internal sealed class UdpTracker : ITrackerTransport, IDatagramProtocol, IUdpTrackerEffects
{
    private readonly Func<UdpMux?> _findMux;
    private readonly NetworkBinding _binding;
    private readonly TrackerSource _source;
    private readonly TimeProvider _time;
    private readonly UdpTrackerMachine _machine;
    private readonly NameCache _names;
    private readonly Lock _lock = new();

    // Not disposed, since late queries still use it.
    private readonly CancellationTokenSource _ended = new();
    private UdpMux? _mux;

    public UdpTracker(Func<UdpMux?> findMux, NetworkBinding binding, TrackerSource source, TimeProvider time)
    {
        _findMux = findMux;
        _binding = binding;
        _source = source;
        _time = time;
        _names = new NameCache(binding.Names, time);
        _machine = new UdpTrackerMachine(this, new UnpredictableRandom());
    }

    Timestamp IDatagramProtocol.NextDeadline => _machine.NextDue;

    private Timestamp Now => _time.Now();

    public async Task<TrackerOutcome<AnnounceResponse>> AnnounceAsync(
        string tracker, AnnounceRequest request, CancellationToken cancellationToken)
    {
        TrackerOutcome<object> outcome = await AskAsync(
            tracker, request.Family, (server, url) => NewAsk(server, url, request, []), cancellationToken).ConfigureAwait(false);
        return new((AnnounceResponse?)outcome.Answer, outcome.Failure, outcome.Fault);
    }

    public async Task<TrackerOutcome<ScrapeResponse>> ScrapeAsync(
        string tracker, IReadOnlySet<InfoHash> infoHashes, AnnounceFamily family, CancellationToken cancellationToken)
    {
        InfoHash[] asked = [.. infoHashes.Take(TrackerLimits.MaxUdpScrapedSwarms)];
        TrackerOutcome<object> outcome = await AskAsync(
            tracker, family, (server, url) => NewAsk(server, url, null, asked), cancellationToken).ConfigureAwait(false);
        return new((ScrapeResponse?)outcome.Answer, outcome.Failure, outcome.Fault);
    }

    public void Dispose()
    {
        _ended.Cancel();
        UdpMux? mux;
        lock (_lock)
            mux = _mux;
        mux?.Unregister(this);
    }

    bool IDatagramProtocol.Claims(ReadOnlySpan<byte> datagram, UdpAddress sender) =>
        UdpTrackerAnswer.TryReadHeader(datagram, out _, out _) && _machine.IsAnswer(datagram, sender.ToEndPoint());

    void IDatagramProtocol.OnDatagram(ReadOnlySpan<byte> datagram, UdpAddress sender, Timestamp now) =>
        _machine.OnDatagram(datagram, sender.ToEndPoint(), now);

    void IDatagramProtocol.OnBatchEnd(Timestamp now)
    {
    }

    void IDatagramProtocol.OnDeadline(Timestamp now) => _machine.OnDeadline(now);

    void IUdpTrackerEffects.Send(ReadOnlySpan<byte> datagram, IPEndPoint server) => _mux!.Send(datagram, UdpAddress.From(server));

    void IUdpTrackerEffects.OnAnnounced(UdpTrackerQuery query, AnnounceResponse response) =>
        ((UdpTrackerAsk)query).Result.TrySetResult(new(response, null));

    void IUdpTrackerEffects.OnScraped(UdpTrackerQuery query, ScrapeResponse response) =>
        ((UdpTrackerAsk)query).Result.TrySetResult(new(response, null));

    void IUdpTrackerEffects.OnFailed(UdpTrackerQuery query, string reason, bool isSilent) =>
        ((UdpTrackerAsk)query).Result.TrySetResult(new(null, reason, isSilent ? TrackerFault.Unreachable : TrackerFault.Failed));

    private static UdpTrackerAsk NewAsk(IPEndPoint server, UdpTrackerUrl url, AnnounceRequest? announce, IReadOnlyList<InfoHash> scrape) =>
        new()
        {
            Server = server,
            Announce = announce,
            Scrape = scrape,
            UrlData = url.UrlData,
            IsV6 = server.AddressFamily == AddressFamily.InterNetworkV6,
        };

    private async Task<TrackerOutcome<object>> AskAsync(
        string tracker, AnnounceFamily family, Func<IPEndPoint, UdpTrackerUrl, UdpTrackerAsk> newAsk, CancellationToken cancellationToken)
    {
        if (!UdpTrackerUrl.TryParse(tracker, out UdpTrackerUrl? url, out string? unsupported))
            return new(null, unsupported);
        if (OpenMux() is not { } mux)
            return new(null, "the session has ended", TrackerFault.PutOff);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ended.Token);
        try
        {
            if (await mux.WhenOpenAsync(either.Token).ConfigureAwait(false) is { } closed)
                return new(null, closed, TrackerFault.Unreachable);
            (IPEndPoint[] servers, TrackerOutcome<object> trouble) = mux.Names is { } names
                ? FindBehindProxy(url, names)
                : await FindAsync(url, family, either.Token).ConfigureAwait(false);
            if (servers.Length == 0)
                return trouble;
            TrackerOutcome<object> outcome = await AskAsync(
                mux, servers, server => newAsk(server, url), either.Token).ConfigureAwait(false);
            return outcome.HasAnswer ? outcome : outcome with { Failure = $"{url.Host}:{url.Port} {outcome.Failure}" };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(null, "the session has ended", TrackerFault.PutOff);
        }
    }

    private async Task<TrackerOutcome<object>> AskAsync(
        UdpMux mux, IPEndPoint[] servers, Func<IPEndPoint, UdpTrackerAsk> newAsk, CancellationToken cancellationToken)
    {
        TaskCompletionSource<UdpTrackerAsk> asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        mux.Post(() =>
        {
            // An address that has been silent is tried after the others.
            UdpTrackerAsk ask = newAsk(Array.Find(servers, server => !_machine.IsSilent(server)) ?? servers[0]);
            if (!_machine.TryAsk(ask, Now))
                ask.Result.TrySetResult(new(null, "was not asked: too many others are", TrackerFault.PutOff));
            asked.SetResult(ask);
        });
        UdpTrackerAsk ask = await asked.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await ask.Result.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            mux.Post(() => _machine.Cancel(ask, Now));
            throw;
        }
    }

    private UdpMux? OpenMux()
    {
        lock (_lock)
        {
            if (_ended.IsCancellationRequested || _mux is not null)
                return _ended.IsCancellationRequested ? null : _mux;
            _mux = _findMux();
            _mux?.Register(this);
            return _mux;
        }
    }

    /// <summary>The addresses to query, in the order to try them; or none, and why.</summary>
    private async Task<(IPEndPoint[] Servers, TrackerOutcome<object> Trouble)> FindAsync(
        UdpTrackerUrl url, AnnounceFamily family, CancellationToken cancellationToken)
    {
        IPAddress[] addresses;
        try
        {
            addresses = await _names.ResolveAsync(url.Host, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            string words = e.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData ? "is not known" : "could not be looked up";
            return ([], new(null, $"the name {url.Host} {words}", TrackerFault.Unreachable));
        }

        AddressReach reach = ReachOf(url);
        IPAddress[] within = Array.FindAll(addresses, address => reach.Includes(AddressScopes.Of(address)));
        if (within.Length == 0 && addresses.Length > 0)
        {
            return ([], new(null, $"the name {url.Host} leads to {addresses[0]}, which is not a public address: "
                + "a tracker with a public name is not looked for on a local network or on this machine"));
        }

        IPAddress[] usable = Array.FindAll(within, address => IsOf(address, family) && _binding.Allows(address.AddressFamily));
        return usable.Length == 0
            ? ([], NoAddress(url, family))
            : WithRoute(url, Array.ConvertAll(usable, address => new IPEndPoint(address, url.Port)));
    }

    private AddressReach ReachOf(UdpTrackerUrl url) => _source == TrackerSource.User ? AddressReach.Everywhere : url.Reach;

    // The proxy resolves names, and chooses the family.
    private (IPEndPoint[] Servers, TrackerOutcome<object> Trouble) FindBehindProxy(UdpTrackerUrl url, RelayedNames names)
    {
        IPAddress address = names.AddressOf(url.Host);
        return StandIn.Is(address) || ReachOf(url).Includes(AddressScopes.Of(address))
            ? ([new IPEndPoint(address, url.Port)], default)
            : ([], new(null, $"{address} is not a public address"));
    }

    private TrackerOutcome<object> NoAddress(UdpTrackerUrl url, AnnounceFamily family) => new(
        null,
        $"{url.Host} has no address that can be reached" + (_binding.Target is null ? "" : $" from {_binding.Target}"),
        family == AnnounceFamily.Any ? TrackerFault.Unreachable : TrackerFault.Skipped);

    // A UDP sender does not learn that there is no route to its target; connecting a socket reveals it, without sending anything.
    private (IPEndPoint[] Servers, TrackerOutcome<object> Trouble) WithRoute(UdpTrackerUrl url, IPEndPoint[] servers)
    {
        SocketException? failure = null;
        IPEndPoint[] reachable = Array.FindAll(servers, server =>
        {
            try
            {
                using Socket probe = _binding.Open(server.AddressFamily, SocketType.Dgram);
                probe.Connect(server);
                return true;
            }
            catch (SocketException e)
            {
                failure = e;
                return false;
            }
        });
        string why = _binding.Trouble ?? (failure?.SocketErrorCode is SocketError.NetworkUnreachable or SocketError.HostUnreachable
            ? "cannot be reached from this network"
            : $"cannot be asked: {failure?.Message}");
        return (reachable, new(null, $"{url.Host}:{url.Port} {why}", TrackerFault.Unreachable));
    }

    private static bool IsOf(IPAddress address, AnnounceFamily family) => family switch
    {
        AnnounceFamily.IPv4 => address.AddressFamily == AddressFamily.InterNetwork,
        AnnounceFamily.IPv6 => address.AddressFamily == AddressFamily.InterNetworkV6,
        _ => true,
    };
}

using Freshet.Core.Wire.Proxies;
using Freshet.Network;

namespace Freshet.Running;

/// <summary>
/// The UDP ports of a session: its own, and one relayed by its proxy if the proxy supports that. Neither has a socket until a protocol uses
/// it.
/// </summary>
internal sealed class SessionUdp(NetworkWays ways, UdpMuxOptions options) : IAsyncDisposable
{
    private readonly UdpMux _own = new(options);
    private readonly UdpMux? _relayed = ways.CreateRelayed(options);

    /// <summary>The datagrams of both ports, by outcome.</summary>
    public IReadOnlyList<(string Outcome, long Count)> ByOutcome => _relayed is null
        ? _own.Statistics.ByOutcome
        : [.. _own.Statistics.ByOutcome.Zip(
            _relayed.Statistics.ByOutcome, static (own, relayed) => (own.Outcome, own.Count + relayed.Count))];

    /// <summary>The port for a kind of traffic; null if its proxy carries no UDP.</summary>
    public UdpMux? For(ProxyUses kind) => ways.IsProxied(kind) ? _relayed : _own;

    /// <summary>See <see cref="UdpMux.OnAddressChanged"/>.</summary>
    public void OnAddressChanged()
    {
        _own.OnAddressChanged();
        _relayed?.OnAddressChanged();
    }

    public async ValueTask DisposeAsync()
    {
        await _own.DisposeAsync().ConfigureAwait(false);
        if (_relayed is not null)
            await _relayed.DisposeAsync().ConfigureAwait(false);
    }
}

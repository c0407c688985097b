using Freshet.Core.Wire.Proxies;

namespace Freshet.Network;

/// <summary>
/// The route of each kind of traffic: directly from this machine, or through the proxy and never around it. Code that opens sockets for a
/// kind gets its binding here, which opens none for proxied kinds, so that nothing bypasses the proxy by mistake.
/// </summary>
/// <param name="own">The local addresses that may be used; connections to the proxy use them too.</param>
/// <param name="proxy">The proxy and the kinds it is used for; null for none.</param>
internal sealed class NetworkWays(NetworkBinding own, ProxyOptions? proxy)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(NetworkLimits.ProxyTimeoutSeconds);

    private readonly NetworkBinding _sealed = SealedBinding.Of(own);
    private readonly ProxyDialer? _dialer = proxy is null ? null : new ProxyDialer(proxy, own, Patience);

    /// <summary>The local addresses that may be used, and whether they are available.</summary>
    public NetworkBinding Own => own;

    /// <summary>Whether a kind goes through the proxy.</summary>
    public bool IsProxied(ProxyUses kind) => proxy is not null && (proxy.Uses & kind) != 0;

    /// <summary>Whether a kind can use UDP.</summary>
    public bool HasUdp(ProxyUses kind) => ProxyFor(kind)?.MayRelay ?? true;

    /// <summary>The proxy that a kind goes through; null if it goes directly.</summary>
    public ProxyDialer? ProxyFor(ProxyUses kind) => IsProxied(kind) ? _dialer : null;

    /// <summary>The binding for a kind; it opens no socket and resolves no name if the kind goes through the proxy.</summary>
    public NetworkBinding BindingFor(ProxyUses kind) => IsProxied(kind) ? _sealed : own;

    /// <summary>Makes a UDP port that the proxy relays; null if there is no proxy that can.</summary>
    public UdpMux? CreateRelayed(UdpMuxOptions options) =>
        _dialer is { MayRelay: true } ? new UdpMux(options with { Binding = own, Proxy = _dialer }) : null;

    /// <summary>Makes a UDP port for a kind, which has no socket before a protocol uses it; null if its proxy carries no UDP.</summary>
    public UdpMux? CreateUdp(ProxyUses kind, UdpMuxOptions options) =>
        IsProxied(kind) ? CreateRelayed(options) : new UdpMux(options with { Binding = own });
}

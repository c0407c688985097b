using System.Net;
using Freshet.Core.Peers;
using Freshet.Core.Wire.Proxies;
using Freshet.Network;

namespace Freshet;

/// <summary>By which way something that needs no session reaches others. A <see cref="BindTarget"/> stands for the way by it.</summary>
public sealed record NetworkAccess
{
    /// <summary>
    /// The local address or interface that everything comes from, or null for the system's choice. If it cannot be used, nothing is sent.
    /// </summary>
    public BindTarget? Bind { get; init; }

    /// <summary>The proxy that everything goes through that it is used for, and by nothing else; null for none.</summary>
    public ProxyOptions? Proxy { get; init; }

    /// <summary>The way by a local address or interface.</summary>
    public static implicit operator NetworkAccess(BindTarget? bind) => FromBindTarget(bind);

    /// <summary>The way by a local address.</summary>
    public static implicit operator NetworkAccess(IPAddress? bind) => FromIPAddress(bind);

    /// <summary>The way by a local address.</summary>
    public static NetworkAccess FromIPAddress(IPAddress? bind) => new() { Bind = bind };

    /// <summary>The way by a local address or interface.</summary>
    public static NetworkAccess FromBindTarget(BindTarget? bind) => new() { Bind = bind };

    /// <exception cref="ArgumentException">The proxy is described wrongly.</exception>
    internal static NetworkWays WaysOf(NetworkAccess? access) => access?.Proxy?.Mistake() is { } mistake
        ? throw new ArgumentException($"{nameof(Proxy)}: {mistake}.", nameof(access))
        : new NetworkWays(new NetworkBinding(access?.Bind), access?.Proxy);
}

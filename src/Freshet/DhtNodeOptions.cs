using System.Net;
using Freshet.Core.Peers;
using Freshet.Core.Wire.Proxies;

namespace Freshet;

/// <summary>What a <see cref="DhtNode"/> is to be like. Immutable.</summary>
public sealed record DhtNodeOptions
{
    /// <summary>The UDP port, 0 to 65,535; 0, the default, lets the system choose.</summary>
    public int Port { get; init; }

    /// <summary>The one local address or interface to use. Null, the default, is every address of both families.</summary>
    public BindTarget? Bind { get; init; }

    /// <summary><see cref="Bind"/>, if it is an address.</summary>
    public IPAddress? BindAddress
    {
        get => Bind?.Address;
        init => Bind = value;
    }

    /// <summary>
    /// The proxy by which alone others are reached, if it is for the DHT; it must be one that relays UDP. Others cannot ask the node
    /// anything then. Null, the default, is none.
    /// </summary>
    public ProxyOptions? Proxy { get; init; }

    /// <summary>How it takes part.</summary>
    public DhtOptions Dht { get; init; } = new();

    /// <summary>What time it is, and what time passes. Default: the system's clocks.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Finds everything that is wrong with the options.</summary>
    /// <exception cref="ArgumentException">Something is; the message names every member that is.</exception>
    public void Validate()
    {
        List<string> errors = [];
        SessionOptions.RequireRange(Port, 0, IPEndPoint.MaxPort, nameof(Port), errors);
        Dht.Validate(errors);
        if (Proxy?.Mistake() is { } mistake)
            errors.Add($"{nameof(Proxy)}: {mistake}");
        if (Proxy is { Kind: ProxyKind.Http } && Proxy.Uses.HasFlag(ProxyUses.Dht))
            errors.Add($"{nameof(Proxy)} is one of HTTP, which carries no UDP");
        SessionOptions.ThrowIfAny(errors);
    }
}

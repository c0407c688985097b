namespace Freshet.Core.Wire.Proxies;

/// <summary>Who is at fault when a proxy does not connect to a target.</summary>
internal enum ProxyFailure
{
    /// <summary>
    /// The proxy: its answer is invalid, or it requires a password or forbids access. Other targets would fare no better.
    /// </summary>
    Proxy,

    /// <summary>The target refused the connection.</summary>
    Refused,

    /// <summary>The target, its network or its name cannot be reached.</summary>
    Unreachable,

    /// <summary>The target did not answer the proxy in time.</summary>
    TimedOut,

    /// <summary>The proxy does not support the request, usually relaying datagrams.</summary>
    Unsupported,
}

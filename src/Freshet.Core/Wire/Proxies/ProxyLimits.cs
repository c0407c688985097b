namespace Freshet.Core.Wire.Proxies;

/// <summary>Bounds of what is exchanged with proxies.</summary>
internal static class ProxyLimits
{
    /// <summary>Characters of a host's name, and bytes of a user's name or password: a length in SOCKS5 is a byte.</summary>
    public const int MaxText = 255;

    /// <summary>Bytes of an HTTP proxy's answer to CONNECT, its headers included.</summary>
    public const int MaxConnectAnswer = 8 * 1024;

    /// <summary>Names of hosts that datagrams were sent to by a proxy; more are not reached in a session.</summary>
    public const int MaxRelayedNames = 4_096;
}

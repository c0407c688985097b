namespace Freshet.Core.Wire.Proxies;

/// <summary>How a proxy is spoken to.</summary>
public enum ProxyKind
{
    /// <summary>SOCKS version 5 (RFC 1928). Of what it can do, TCP is used.</summary>
    Socks5,

    /// <summary>HTTP, by CONNECT (RFC 9110, section 9.3.6). The proxy must allow that to all ports.</summary>
    Http,
}

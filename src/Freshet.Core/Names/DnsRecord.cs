namespace Freshet.Core.Names;

/// <summary>What is asked for about a host, by its number in messages.</summary>
internal enum DnsRecord : ushort
{
    /// <summary>Its IPv4 addresses: A (RFC 1035).</summary>
    AddressV4 = 1,

    /// <summary>Texts that its owner publishes: TXT (RFC 1035).</summary>
    Text = 16,

    /// <summary>Its IPv6 addresses: AAAA (RFC 3596).</summary>
    AddressV6 = 28,
}

namespace Freshet.Core.Names;

/// <summary>Bounds of messages from name servers.</summary>
internal static class DnsLimits
{
    /// <summary>Bytes of a message over UDP (RFC 1035, 4.2.1).</summary>
    public const int MaxDatagram = 512;

    /// <summary>Bytes of a message over TCP that are read: more than any host's addresses or texts take.</summary>
    public const int MaxMessage = 16 * 1024;

    /// <summary>Bytes of a name in a message (RFC 1035, 2.3.4).</summary>
    public const int MaxName = 255;

    /// <summary>Bytes of a label, the part of a name between two dots (RFC 1035, 2.3.4).</summary>
    public const int MaxLabel = 63;

    /// <summary>Addresses of a host that are used.</summary>
    public const int MaxAddresses = 32;

    /// <summary>Texts of a host that are read: many have some of others, such as proofs of who owns the name.</summary>
    public const int MaxTexts = 128;
}

namespace Freshet.Core.PortMapping;

/// <summary>The transport protocol of a mapped port; the values are IP protocol numbers.</summary>
internal enum MappedProtocol
{
    /// <summary>TCP.</summary>
    Tcp = 6,

    /// <summary>UDP.</summary>
    Udp = 17,
}

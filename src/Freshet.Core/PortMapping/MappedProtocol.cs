namespace Freshet.Core.PortMapping;

/// <summary>What a port is of; the values are those of IP.</summary>
internal enum MappedProtocol
{
    /// <summary>TCP.</summary>
    Tcp = 6,

    /// <summary>UDP.</summary>
    Udp = 17,
}

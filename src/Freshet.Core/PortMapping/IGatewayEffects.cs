using System.Net;

namespace Freshet.Core.PortMapping;

/// <summary>What a <see cref="GatewayMachine"/> can ask for.</summary>
internal interface IGatewayEffects
{
    /// <summary>Sends a datagram to the gateway.</summary>
    void Send(ReadOnlySpan<byte> datagram);

    /// <summary>A port is mapped, or is so no more: then <paramref name="externalPort"/> is 0.</summary>
    void Mapped(MappedProtocol protocol, int externalPort, IPAddress? externalAddress);

    /// <summary>The gateway does not map: it refuses, or does not answer. It is asked again later.</summary>
    /// <param name="reason">In words.</param>
    /// <param name="isSilent">Whether nothing came at all, so that another protocol may do.</param>
    void Failed(string reason, bool isSilent);
}

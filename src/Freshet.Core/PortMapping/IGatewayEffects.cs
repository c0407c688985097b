using System.Net;

namespace Freshet.Core.PortMapping;

/// <summary>What a <see cref="GatewayMachine"/> can ask for.</summary>
internal interface IGatewayEffects
{
    /// <summary>Sends a datagram to the gateway.</summary>
    void Send(ReadOnlySpan<byte> datagram);

    /// <summary>A port is mapped or, if <paramref name="externalPort"/> is 0, no longer mapped.</summary>
    void Mapped(MappedProtocol protocol, int externalPort, IPAddress? externalAddress);

    /// <summary>The gateway does not map ports: it refuses, or does not answer. It is asked again later.</summary>
    /// <param name="reason">The reason as text.</param>
    /// <param name="isSilent">Whether there was no response at all, so that another protocol may work.</param>
    void Failed(string reason, bool isSilent);
}

using Freshet.Fuzz.Targets;

namespace Freshet.Fuzz;

/// <summary>All targets. A parser of the engine that is missing here is a bug.</summary>
internal static class FuzzTargets
{
    public static IReadOnlyList<IFuzzTarget> All { get; } =
    [
        new BencodeTarget(),
        new MetainfoTarget(),
        new MagnetTarget(),
        new ExtensionHandshakeTarget(),
        new MetadataMessageTarget(),
        new PeerExchangeTarget(),
        new HolePunchTarget(),
        new PeerMessagesTarget(),
        new EncryptedHandshakeTarget(),
        new KrpcTarget(),
        new HttpTrackerAnswerTarget(),
        new TrackerUrlTarget(),
        new TrackerQueryTarget(),
        new DhtMemoryTarget(),
        new LocalAnnounceTarget(),
        new GatewayAnswerTarget(),
        new UpnpTarget(),
        new UdpTrackerAnswerTarget(),
        new UdpTrackerRequestTarget(),
        new ResumeTarget(),
        new UtpPacketTarget(),
        new UtpMachineTarget(),
        new ProxyAnswerTarget(),
        new BlocklistTarget(),
        new DnsAnswerTarget(),
    ];
}

using Freshet.Interop.Running;

namespace Freshet.Interop.Tests;

/// <summary>
/// Transmission dials Freshet, which a tracker names, in a network of its own: it dials nobody in 127.0.0.0/8, where the other cases run.
/// </summary>
public abstract class TransmissionDialCase : InteropTest
{
    /// <summary>The transports, and the encryption settings.</summary>
    public static MatrixTheoryData<string, ClientEncryption> Settings => new([WayCase.Tcp, WayCase.Utp], Encryptions);

    /// <summary>The encryption settings, of which both sides have the same.</summary>
    internal static ClientEncryption[] Encryptions => [ClientEncryption.Plain, ClientEncryption.Preferred, ClientEncryption.Rc4Required];

    protected static ClientOptions Options(NetworkNamespace network, string transport, ClientEncryption encryption) => new()
    {
        Address = network.NextAddress(),
        Network = network,
        Utp = transport == WayCase.Utp,
        Encryption = encryption,
    };

    // Otherwise Freshet could learn of Transmission first, and dial it.
    protected static Task UntilAnnouncedAsync(FreshetClient freshet) =>
        freshet.UntilAsync(() => Task.FromResult(freshet.HasAnnounced), Patience, "has announced itself");

    protected static NetworkNamespace NewNetwork()
    {
        Require(ClientKind.Freshet, ClientKind.Transmission);
        NetworkNamespace? network = NetworkNamespace.TryCreate();
        Requires.That(network is not null, "Network namespaces cannot be created on this machine.");
        return network;
    }

    protected async Task<SampleTorrent> TrackedAsync(NetworkNamespace network)
    {
        SampleTorrent torrent = Sample(SampleKind.SingleFile);
        return torrent.WithTracker((await StartTrackerAsync(ClientKind.Freshet, torrent, network)).AnnounceUrl);
    }
}

using Freshet.Api;
using Freshet.Core.Peers;
using Freshet.Core.Torrents;

namespace Freshet.Daemon.Views;

/// <summary>A connected peer as the API shows it.</summary>
internal static class PeerViews
{
    /// <param name="peer">The peer.</param>
    /// <param name="country">The country of its address, or null.</param>
    public static PeerItem ItemOf(PeerStatus peer, string? country) => new()
    {
        Address = peer.EndPoint.Address.ToString(),
        Port = peer.EndPoint.Port,
        Client = peer.Client,
        Outgoing = peer.IsOutgoing,
        Transport = peer.Transport == PeerTransport.Utp ? PeerTransportCode.Utp : PeerTransportCode.Tcp,
        Encryption = peer.Encryption switch
        {
            PeerEncryption.Handshake => PeerEncryptionCode.Handshake,
            PeerEncryption.Full => PeerEncryptionCode.Full,
            _ => PeerEncryptionCode.None,
        },
        Path = peer.Path switch
        {
            PeerPath.Hole => PeerPathCode.Hole,
            PeerPath.Proxy => PeerPathCode.Proxy,
            _ => PeerPathCode.Direct,
        },
        Country = country,
        ConnectedFor = (long)peer.Connected.TotalSeconds,
        Progress = peer.Progress,
        Downloaded = peer.Downloaded.Bytes,
        Uploaded = peer.Uploaded.Bytes,
        DownloadRate = peer.DownloadRate.BytesPerSecond,
        UploadRate = peer.UploadRate.BytesPerSecond,
        Interesting = peer.IsInteresting,
        Choking = peer.IsChoking,
        Interested = peer.IsInterested,
        Choked = peer.IsChoked,
        Sources = [.. peer.Sources.All.Select(EngineCodes.Of)],
        Requests = peer.OutstandingRequests,
        QueueDepth = peer.QueueDepth,
        ResponseMs = EngineCodes.MillisecondsOf(peer.ResponseTime),
        Response95Ms = EngineCodes.MillisecondsOf(peer.ResponseTime95),
        RoundTripMs = EngineCodes.MillisecondsOf(peer.RoundTrip),
        QueuedUploads = peer.QueuedUploads,
        Snubbing = peer.IsSnubbing,
    };
}

using Freshet.Core.Peers;

namespace Freshet.Connections;

/// <summary>Explains why a peer could not be reached, and what to try.</summary>
internal static class DialFailures
{
    public static string Describe(DialResult result)
    {
        string reason = result.Reason switch
        {
            DisconnectReason.Refused => "nobody listens there",
            DisconnectReason.TimedOut => "no answer in time",
            DisconnectReason.ClosedByPeer => "it closed the connection",
            DisconnectReason.BadHandshake => "its handshake does not fit",
            _ => "the network failed",
        };
        return result.Detail is { Length: > 0 } detail ? $"{reason} ({detail.TrimEnd('.')})" : reason;
    }

    public static string? Advise(DisconnectReason reason) => reason switch
    {
        DisconnectReason.ClosedByPeer => "It may not have this torrent, or accept encrypted connections only.",
        DisconnectReason.Refused or DisconnectReason.TimedOut => "Check address and port, and that the client runs.",
        _ => null,
    };
}

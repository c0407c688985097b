namespace Freshet.Core.Peers;

/// <summary>How long an address is left alone after a connection with it ended or could not be made.</summary>
internal static class BackOff
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Doubles with each failure in a row, up to ten minutes, with a quarter of jitter either way so that peers of one swarm do not
    /// knock together. A refusal, before the handshake or after, is cheap to try again; silence costs a socket for seconds; a broken peer
    /// seldom mends itself.
    /// </summary>
    /// <param name="reason">How it ended.</param>
    /// <param name="failures">Failures in a row, this one counted.</param>
    /// <param name="random">The jitter's source.</param>
    public static TimeSpan After(DisconnectReason reason, int failures, Random random)
    {
        TimeSpan first = reason switch
        {
            DisconnectReason.Refused or DisconnectReason.ClosedByPeer => TimeSpan.FromSeconds(5),
            DisconnectReason.BadHandshake => TimeSpan.FromSeconds(60),
            DisconnectReason.ProtocolViolation => TimeSpan.FromSeconds(120),
            DisconnectReason.Duplicate or DisconnectReason.BothSeeds => Longest,
            DisconnectReason.Useless or DisconnectReason.TooManyPeers => TimeSpan.FromSeconds(60),
            _ => TimeSpan.FromSeconds(15),
        };
        double seconds = Math.Min(Longest.TotalSeconds, first.TotalSeconds * Math.Pow(2, Math.Clamp(failures - 1, 0, 16)));
        return TimeSpan.FromSeconds(seconds * (0.75 + (0.5 * random.NextDouble())));
    }

    /// <summary>Whether an end speaks against the address; the others are nobody's fault.</summary>
    public static bool IsFailure(DisconnectReason reason) => reason is
        DisconnectReason.Refused or DisconnectReason.TimedOut or DisconnectReason.NetworkError or
        DisconnectReason.BadHandshake or DisconnectReason.ProtocolViolation or DisconnectReason.ClosedByPeer;
}

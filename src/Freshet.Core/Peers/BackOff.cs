namespace Freshet.Core.Peers;

/// <summary>How long to wait before redialling an address after a connection to it ended or failed.</summary>
internal static class BackOff
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Doubles with each consecutive failure, up to ten minutes, with ±25 % jitter so that the peers of a swarm do not dial in lockstep. A
    /// refusal, before or after the handshake, is cheap to retry; a timeout occupies a socket for seconds; a broken peer seldom recovers.
    /// </summary>
    /// <param name="reason">How the connection ended.</param>
    /// <param name="failures">The number of consecutive failures, including this one.</param>
    /// <param name="random">The source of the jitter.</param>
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

    /// <summary>Whether a reason counts against the address; the others are nobody's fault.</summary>
    public static bool IsFailure(DisconnectReason reason) => reason is
        DisconnectReason.Refused or DisconnectReason.TimedOut or DisconnectReason.NetworkError or
        DisconnectReason.BadHandshake or DisconnectReason.ProtocolViolation or DisconnectReason.ClosedByPeer;
}

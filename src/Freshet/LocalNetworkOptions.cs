using Freshet.Core.Rates;

namespace Freshet;

/// <summary>
/// Separate rate limits for peers on the local network, that is, with private, link-local or loopback addresses. They replace the limits of
/// the session and of torrents for these peers; the per-peer limits still apply. Immutable.
/// </summary>
public sealed record LocalNetworkOptions
{
    /// <summary>The download limit per second for all local peers together. Null, the default, means no limit.</summary>
    public DataRate? MaxDownloadRate { get; init; }

    /// <summary>The upload limit per second for all local peers together. Null, the default, means no limit.</summary>
    public DataRate? MaxUploadRate { get; init; }

    internal void Validate(List<string> errors)
    {
        SessionOptions.RequirePositive(MaxDownloadRate, $"{nameof(SessionOptions.LocalNetwork)}.{nameof(MaxDownloadRate)}", errors);
        SessionOptions.RequirePositive(MaxUploadRate, $"{nameof(SessionOptions.LocalNetwork)}.{nameof(MaxUploadRate)}", errors);
    }
}

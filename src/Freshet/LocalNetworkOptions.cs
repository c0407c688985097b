using Freshet.Core.Rates;

namespace Freshet;

/// <summary>
/// Limits of their own for peers on the local network: those with private, link-local or loopback addresses. The limits of session and
/// torrents do not hold for them then; those of each peer do. Immutable.
/// </summary>
public sealed record LocalNetworkOptions
{
    /// <summary>The most received per second from all of them. Null, the default, is no limit.</summary>
    public DataRate? MaxDownloadRate { get; init; }

    /// <summary>The most sent per second to all of them. Null, the default, is no limit.</summary>
    public DataRate? MaxUploadRate { get; init; }

    internal void Validate(List<string> errors)
    {
        SessionOptions.RequirePositive(MaxDownloadRate, $"{nameof(SessionOptions.LocalNetwork)}.{nameof(MaxDownloadRate)}", errors);
        SessionOptions.RequirePositive(MaxUploadRate, $"{nameof(SessionOptions.LocalNetwork)}.{nameof(MaxUploadRate)}", errors);
    }
}

using System.Diagnostics.CodeAnalysis;
using Freshet.Core.Metainfo;

namespace Freshet.Core.Trackers;

/// <summary>Determines which announce URLs we support.</summary>
internal static class TrackerAddress
{
    /// <summary>Whether a URL is supported; if not, the reason says why as text.</summary>
    public static bool IsSupported(string url, [NotNullWhen(false)] out string? reason)
    {
        reason = null;
        if (url.Length > MetainfoLimits.MaxUrlLength)
            reason = $"the URL is longer than {MetainfoLimits.MaxUrlLength} characters";
        else if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) || !HasPlainAuthority(url) || !HasUsableHost(uri))
            reason = "this is not a URL";
        else if (uri.Scheme == UdpTrackerUrl.Scheme)
            return UdpTrackerUrl.TryParse(url, out _, out reason);
        else if (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
            reason = $"{uri.Scheme} trackers are not supported";
        return reason is null;
    }

    // The framework treats backslashes, and whatever follows an IPv6 address, as the start of the path, where we see none: then a URL of
    // only host and port would have a path.
    private static bool HasPlainAuthority(string url)
    {
        string trimmed = url.Trim();
        int start = trimmed.IndexOf("://", StringComparison.Ordinal) + 3;
        if (start < 3)
            return false;
        int length = trimmed.AsSpan(start).IndexOfAny('/', '?', '#');
        string alone = length < 0 ? trimmed : trimmed[..(start + length)];
        return Uri.TryCreate(alone + '/', UriKind.Absolute, out Uri? uri) && uri.PathAndQuery == "/";
    }

    // A host may be syntactically valid and still impossible in DNS; the only way to find out is this exception.
    private static bool HasUsableHost(Uri uri)
    {
        try
        {
            return uri.IdnHost.Length > 0;
        }
        catch (UriFormatException)
        {
            return false;
        }
    }
}

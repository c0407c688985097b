using System.Diagnostics.CodeAnalysis;
using Freshet.Core.Metainfo;

namespace Freshet.Core.Trackers;

/// <summary>Which announce URLs we can use.</summary>
internal static class TrackerAddress
{
    /// <summary>Whether a URL can be used; if not, the reason says why in words.</summary>
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

    // The framework takes backslashes and what follows an IPv6 address for the path's beginning, where we see none: then the
    // host and port alone would have a path.
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

    // A host may look well and yet be impossible in the domain name system, which only this exception says.
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

using System.Diagnostics.CodeAnalysis;

namespace Freshet.Core.Trackers;

/// <summary>Which announce URLs we can use.</summary>
internal static class TrackerAddress
{
    /// <summary>Says in words why a URL is left out, where it is.</summary>
    public static bool IsSupported(string url, [NotNullWhen(false)] out string? reason)
    {
        reason = null;
        if (url.Length > Limits.MaxTrackerUrlLength)
            reason = $"the URL is longer than {Limits.MaxTrackerUrlLength} characters";
        else if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) || uri.Host.Length == 0)
            reason = "this is not a URL";
        else if (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
            reason = $"{uri.Scheme} trackers are not supported";
        return reason is null;
    }
}

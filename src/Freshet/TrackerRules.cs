using System.Collections.Immutable;
using System.Globalization;
using Freshet.Core.Metainfo;
using Freshet.Core.Trackers;

namespace Freshet;

/// <summary>Limits on the trackers that a user may give a torrent.</summary>
internal static class TrackerRules
{
    /// <summary>What is wrong with them, or null.</summary>
    public static string? FindError(ImmutableArray<ImmutableArray<string>> tiers)
    {
        int count = 0;
        foreach (ImmutableArray<string> tier in tiers)
        {
            if (tier.IsDefaultOrEmpty)
                return "has an empty tier";
            count += tier.Length;
            foreach (string url in tier)
            {
                if (!TrackerAddress.IsSupported(url, out string? reason))
                    return $"has '{TrackerUrl.Mask(url)}': {reason}; use an http, https or udp URL";
            }
        }

        return count <= MetainfoLimits.MaxTrackers
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"has {count} trackers: {MetainfoLimits.MaxTrackers} at the most");
    }
}

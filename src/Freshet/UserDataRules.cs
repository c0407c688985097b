using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Freshet.Core;

namespace Freshet;

/// <summary>Limits on the data that a user may attach to a torrent: it is written with every record and read at every start.</summary>
internal static class UserDataRules
{
    /// <summary>What is wrong with the data, or null.</summary>
    public static string? FindError(ImmutableDictionary<string, string> data)
    {
        if (data.IsEmpty)
            return null;
        if (data.Count > Limits.MaxUserDataEntries)
            return string.Create(CultureInfo.InvariantCulture, $"has {data.Count} entries: {Limits.MaxUserDataEntries} at the most");
        long bytes = 0;
        foreach ((string key, string value) in data)
        {
            if (key.Length == 0)
                return "has an empty key";
            bytes += Encoding.UTF8.GetByteCount(key) + Encoding.UTF8.GetByteCount(value);
        }

        return bytes <= Limits.MaxUserDataBytes
            ? null
            : string.Create(
                CultureInfo.InvariantCulture, $"has {bytes} bytes: {Limits.MaxUserDataBytes} at the most, keys and values together");
    }
}

using System.Collections.Immutable;
using Freshet.Daemon.Http;

namespace Freshet.Daemon.Views;

/// <summary>Labels and category of a torrent, which the session stores with the torrent's record.</summary>
internal static class Labels
{
    private const string LabelsKey = "labels";
    private const string CategoryKey = "category";
    private const char Separator = ',';

    public static string[] Of(TorrentOptions options) =>
        options.UserData.GetValueOrDefault(LabelsKey) is { Length: > 0 } text ? text.Split(Separator) : [];

    public static string? CategoryOf(TorrentOptions options) => options.UserData.GetValueOrDefault(CategoryKey);

    /// <summary>The options with other labels.</summary>
    /// <exception cref="ApiException">A label is invalid, or there are too many.</exception>
    public static TorrentOptions With(TorrentOptions options, IEnumerable<string> labels)
    {
        string[] sorted = [.. labels.Select(label => Checked(label, "labels"))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (sorted.Length > Bounds.MaxLabels)
            throw ApiException.InvalidValue("labels", $"are {sorted.Length}: {Bounds.MaxLabels} at the most");
        return With(options, LabelsKey, string.Join(Separator, sorted));
    }

    /// <summary>The options with another category; empty means none.</summary>
    /// <exception cref="ApiException">The category is invalid.</exception>
    public static TorrentOptions WithCategory(TorrentOptions options, string category) =>
        With(options, CategoryKey, category.Trim().Length == 0 ? "" : Checked(category, "category"));

    private static string Checked(string? text, string member)
    {
        string label = text?.Trim() ?? "";
        if (label.Length is 0 or > Bounds.MaxLabelLength || label.Contains(Separator, StringComparison.Ordinal)
            || label.Any(char.IsControl))
            throw ApiException.InvalidValue(member,
                $"must have 1 to {Bounds.MaxLabelLength} characters, none of them a comma or a line break");
        return label;
    }

    private static TorrentOptions With(TorrentOptions options, string key, string value)
    {
        ImmutableDictionary<string, string> data = options.UserData;
        return options with { UserData = value.Length == 0 ? data.Remove(key) : data.SetItem(key, value) };
    }
}

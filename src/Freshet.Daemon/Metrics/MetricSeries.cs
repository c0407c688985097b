using System.Globalization;
using System.Text;

namespace Freshet.Daemon.Metrics;

/// <summary>
/// The numbers of one family with one set of labels. Safe to use from any thread; counting allocates nothing and takes no lock.
/// </summary>
internal sealed class MetricSeries
{
    private readonly KeyValuePair<string, object?>[] _tags;
    private readonly double[] _boundaries;
    private readonly string _labels;
    private readonly long[] _buckets;
    private double _value;

    /// <param name="tags">The attributes, as the instrument has them.</param>
    /// <param name="boundaries">The upper bounds of a histogram's buckets; empty if it is none.</param>
    public MetricSeries(ReadOnlySpan<KeyValuePair<string, object?>> tags, double[] boundaries)
    {
        _tags = tags.ToArray();
        _boundaries = boundaries;
        _buckets = new long[boundaries.Length + 1];
        _labels = string.Join(',', _tags.Select(LabelOf));
    }

    public bool Has(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.Length != _tags.Length)
            return false;
        for (int i = 0; i < tags.Length; i++)
        {
            if (tags[i].Key != _tags[i].Key || !Equals(tags[i].Value, _tags[i].Value))
                return false;
        }

        return true;
    }

    public void Set(double value) => Volatile.Write(ref _value, value);

    public void Add(double value)
    {
        double seen = Volatile.Read(ref _value);
        double before;
        do
        {
            before = seen;
            seen = Interlocked.CompareExchange(ref _value, before + value, before);
        }
        while (seen.CompareTo(before) != 0);
    }

    /// <summary>Counts a value of a histogram in its bucket, whose bound belongs to it.</summary>
    public void Record(double value)
    {
        int bucket = 0;
        while (bucket < _boundaries.Length && value > _boundaries[bucket])
            bucket++;
        Interlocked.Increment(ref _buckets[bucket]);
        Add(value);
    }

    public void Write(StringBuilder text, string name) => Write(text, name, "", Volatile.Read(ref _value));

    public void WriteHistogram(StringBuilder text, string name)
    {
        // The count is that of the last bucket, even while values come.
        long count = 0;
        for (int i = 0; i < _buckets.Length; i++)
        {
            count += Interlocked.Read(ref _buckets[i]);
            string bound = i < _boundaries.Length ? TextOf(_boundaries[i]) : "+Inf";
            Write(text, name + "_bucket", $"le=\"{bound}\"", count);
        }

        Write(text, name + "_sum", "", Volatile.Read(ref _value));
        Write(text, name + "_count", "", count);
    }

    private void Write(StringBuilder text, string name, string label, double value)
    {
        string labels = _labels.Length > 0 && label.Length > 0 ? $"{_labels},{label}" : _labels + label;
        text.Append(name);
        if (labels.Length > 0)
            text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(TextOf(value)).Append('\n');
    }

    private static string LabelOf(KeyValuePair<string, object?> tag)
    {
        string value = Convert.ToString(tag.Value, CultureInfo.InvariantCulture) ?? "";
        return $"{MetricFamily.Plain(tag.Key)}=\"{MetricFamily.Escape(value).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
    }

    private static string TextOf(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}

using System.Globalization;
using Freshet.Core.Rates;

namespace Freshet.Core.Tests.Captures;

/// <summary>What two programs sent to each other, recorded by record.py beside this file, which describes the format.</summary>
internal sealed class Capture
{
    private readonly Dictionary<string, string> _facts = [];
    private readonly List<Part> _parts = [];

    private Capture(IEnumerable<string> lines)
    {
        List<string> texts = [];
        foreach (string line in lines)
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (line.StartsWith('#'))
            {
                _facts[words[1]] = words[^1];
            }
            else if (line.StartsWith(' '))
            {
                texts[^1] += words[0];
            }
            else
            {
                Timestamp at = new((long)(double.Parse(words[0], CultureInfo.InvariantCulture) * TimeSpan.TicksPerSecond));
                _parts.Add(new Part(at, words[1], []));
                texts.Add(words[2]);
            }
        }

        for (int i = 0; i < texts.Count; i++)
            _parts[i] = _parts[i] with { Bytes = Convert.FromHexString(texts[i]) };
    }

    /// <summary>Everything, in order.</summary>
    public IReadOnlyList<Part> Parts => _parts;

    /// <summary>Reads a capture from a file.</summary>
    public static Capture Read(string name) =>
        new(File.ReadLines(Path.Combine(Repository.Root, "tests", "Freshet.Core.Tests", "Captures", name + ".hex")));

    public byte[] Bytes(string fact) => Convert.FromHexString(_facts[fact]);

    public int Number(string fact) => int.Parse(_facts[fact], CultureInfo.InvariantCulture);

    public bool Has(string fact) => _facts.ContainsKey(fact);

    /// <summary>Everything that one side sent, as one stream.</summary>
    public byte[] StreamOf(string who) => [.. _parts.Where(part => part.Who == who).SelectMany(static part => part.Bytes)];

    /// <param name="At">The time when it was seen.</param>
    /// <param name="Who">The side that sent it.</param>
    /// <param name="Bytes">A datagram, or a part of a stream.</param>
    public sealed record Part(Timestamp At, string Who, byte[] Bytes);
}

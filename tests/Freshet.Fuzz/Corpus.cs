using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Freshet.Fuzz.Coverage;

namespace Freshet.Fuzz;

/// <summary>
/// The inputs to begin from: those that a target makes itself, and those that were found and kept in its folder. A file whose name is made
/// of words is a finding and stays. One whose name is a hash was kept because it reaches code that no other does; better ones may replace
/// it.
/// </summary>
internal static partial class Corpus
{
    /// <summary>Longer inputs are not kept: what only they reach is a limit, which mutations of short ones reach soon.</summary>
    private const int LongestKept = 8 * 1024;

    /// <summary>Loads the inputs. If a file is given instead of the folder, only that file is loaded, to look into a finding.</summary>
    public static List<byte[]> Load(IFuzzTarget target, string folder)
    {
        if (File.Exists(folder))
            return [File.ReadAllBytes(folder)];
        List<byte[]> inputs = [.. target.Seeds];
        inputs.AddRange(FilesOf(target, folder).Select(File.ReadAllBytes));
        return inputs;
    }

    /// <summary>
    /// Writes the fewest inputs that reach everything that was reached, the shortest first, and removes those that were kept before but
    /// reach nothing else.
    /// </summary>
    /// <returns>The number of inputs that now reach what seeds and findings do not.</returns>
    public static int Minimize(IFuzzTarget target, string folder, IEnumerable<byte[]> found)
    {
        CoverageMap map = new(countsMatter: false);
        foreach (byte[] seed in target.Seeds)
            Reaches(target, seed, map);
        string[] files = [.. FilesOf(target, folder)];
        foreach (string finding in files.Where(file => !IsKept(file)))
            Reaches(target, File.ReadAllBytes(finding), map);

        byte[][] candidates = [.. files.Where(IsKept).Select(File.ReadAllBytes).Concat(found)
            .Where(input => input.Length <= LongestKept).OrderBy(input => input.Length)];
        byte[][] kept = [.. candidates.Where(input => Reaches(target, input, map))];
        foreach (string file in files.Where(IsKept))
            File.Delete(file);
        string own = Directory.CreateDirectory(Path.Combine(folder, target.Name)).FullName;
        foreach (byte[] input in kept)
            File.WriteAllBytes(Path.Combine(own, Convert.ToHexStringLower(SHA256.HashData(input))[..16]), input);
        return kept.Length;
    }

    private static bool Reaches(IFuzzTarget target, byte[] input, CoverageMap map)
    {
        EdgeCounters.Clear();
        target.Run(input);
        return map.Add(EdgeCounters.Last);
    }

    // Sorted by name, so that the same seed makes the same inputs everywhere.
    private static IEnumerable<string> FilesOf(IFuzzTarget target, string folder)
    {
        string own = Path.Combine(folder, target.Name);
        return Directory.Exists(own) ? Directory.GetFiles(own).Order(StringComparer.Ordinal) : [];
    }

    private static bool IsKept(string path) => HashName().IsMatch(Path.GetFileName(path));

    [GeneratedRegex("^[0-9a-f]{16}$")]
    private static partial Regex HashName();
}

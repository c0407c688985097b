namespace Freshet.Fuzz;

/// <summary>The inputs to begin from: what a target makes itself, and what was found and kept in its folder.</summary>
internal static class Corpus
{
    /// <summary>Loads them; where a file is given in place of the folder, that alone, as to look into a finding.</summary>
    public static List<byte[]> Load(IFuzzTarget target, string folder)
    {
        if (File.Exists(folder))
            return [File.ReadAllBytes(folder)];
        var inputs = new List<byte[]>(target.Seeds);
        string own = Path.Combine(folder, target.Name);
        if (Directory.Exists(own))
        {
            // In the order of their names, so that the same seed makes the same inputs everywhere.
            foreach (string path in Directory.GetFiles(own).Order(StringComparer.Ordinal))
                inputs.Add(File.ReadAllBytes(path));
        }

        return inputs;
    }
}

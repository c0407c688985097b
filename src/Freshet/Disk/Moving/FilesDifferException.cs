namespace Freshet.Disk.Moving;

/// <summary>Two files that should be equal differ: neither may be deleted for the other.</summary>
internal sealed class FilesDifferException(string one, string other)
    : IOException($"{one} and {other} differ. Both were left as they are; move one of them away.");

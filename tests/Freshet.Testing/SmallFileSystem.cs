using System.Diagnostics;

namespace Freshet.Testing;

/// <summary>A small file system in memory, which fills up soon; it is unmounted when disposed of.</summary>
public sealed class SmallFileSystem : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    // Its name has no letters, so that it does not reveal whether the folder above ignores case.
    private SmallFileSystem() => Path = Directory.CreateDirectory(_folder["1"]).FullName;

    public string Path { get; }

    /// <summary>The folder that it is mounted in, which is on another file system.</summary>
    public string Parent => _folder.Path;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>
    /// Mounts one with room for the given number of bytes and for few files. The test is skipped if this is not possible.
    /// </summary>
    public static SmallFileSystem MountOrSkip(int size)
    {
        Requires.That(
            OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root can mount a file system, and only on Linux.");
        SmallFileSystem small = new();
        if (Run("mount", "-t", "tmpfs", "-o", $"size={size},nr_inodes=64", "freshet-test", small.Path))
            return small;
        small._folder.Dispose();
        Requires.Skip("File systems cannot be mounted on this machine.");
        return small;
    }

    /// <summary>Uses up all the space and all the file names.</summary>
    public void Fill()
    {
        try
        {
            for (int i = 0; ; i++)
                File.WriteAllBytes(this[$"ballast {i}"], new byte[1 << 16]);
        }
        catch (IOException)
        {
            // The space is used up; now the names.
        }

        try
        {
            for (int i = 0; ; i++)
                File.WriteAllBytes(this[$"name {i}"], []);
        }
        catch (IOException)
        {
            // Both are used up.
        }
    }

    /// <summary>Releases what <see cref="Fill"/> took.</summary>
    public void Empty()
    {
        foreach (string file in Directory.EnumerateFiles(Path, "ballast *").Concat(Directory.EnumerateFiles(Path, "name *")).ToArray())
            File.Delete(file);
    }

    /// <summary>Removes it as if it were pulled out; its content is lost.</summary>
    public void Unmount() => Assert.True(Run("umount", "-l", Path));

    /// <summary>Mounts another one in its place.</summary>
    public void MountAgain() => Assert.True(Run("mount", "-t", "tmpfs", "freshet-test", Path));

    public void Remount(string options) => Assert.True(Run("mount", "-o", "remount," + options, Path));

    public void Dispose()
    {
        // Unmounted lazily: somebody may still be in it.
        Run("umount", "-l", Path);
        _folder.Dispose();
    }

    private static bool Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}

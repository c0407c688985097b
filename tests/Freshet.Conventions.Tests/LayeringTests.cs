using System.Xml.Linq;

namespace Freshet.Conventions.Tests;

public class LayeringTests
{
    public static TheoryData<string, string[]> Layers => new()
    {
        { "Freshet.Core", [] },
        { "Freshet", ["Freshet.Core"] },
        { "Freshet.Extensions.Hosting", ["Freshet"] },
        { "Freshet.Tracker", ["Freshet.Core"] },
        { "Freshet.Cli", ["Freshet", "Freshet.Tracker"] },
    };

    [Theory]
    [MemberData(nameof(Layers))]
    public void A_project_refers_only_to_those_below_it(string project, string[] allowed)
    {
        XDocument file = XDocument.Load(Path.Combine(Repository.Root, "src", project, project + ".csproj"));
        IEnumerable<string> referred = file.Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));
        Assert.Empty(referred.Except(allowed));
    }

    [Theory]
    [InlineData("System.Net.Sockets", "Connections", "Discovery", "Network")]
    [InlineData("System.Net.Http", "Discovery")]
    [InlineData("System.IO.MemoryMappedFiles")]
    public void Only_the_folders_that_may_use_a_namespace_do(string @namespace, params string[] folders)
    {
        string[] users = [.. Repository.Sources("src/Freshet")
            .Where(path => File.ReadLines(path).Any(line => line.StartsWith($"using {@namespace}", StringComparison.Ordinal)))
            .Select(Repository.Relative)
            .Where(path => !folders.Any(folder => path.StartsWith($"src/Freshet/{folder}/", StringComparison.Ordinal)))];
        Assert.Empty(users);
    }

    [Theory]
    [InlineData("Freshet.Core")]
    [InlineData("Freshet")]
    [InlineData("Freshet.Tracker")]
    public void The_command_line_uses_only_what_every_program_can(string library)
    {
        XDocument file = XDocument.Load(Path.Combine(Repository.Root, "src", library, library + ".csproj"));
        IEnumerable<string> friends = file.Descendants("InternalsVisibleTo").Select(friend => friend.Attribute("Include")!.Value);
        Assert.DoesNotContain(friends, friend => friend.StartsWith("Freshet.Cli", StringComparison.Ordinal));
    }
}

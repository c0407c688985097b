using System.Globalization;
using System.Reflection;
using Freshet.Api;
using Freshet.Core.Metainfo;
using Freshet.Daemon;
using Freshet.Extensions.Hosting;
using Freshet.Tracker;

namespace Freshet.Conventions.Tests;

/// <summary>
/// The public API of the libraries is written down, so that a change to it is seen in review. After an intended change, run these tests
/// with UPDATE_PUBLIC_API=1 and commit the files.
/// </summary>
public class PublicApiTests
{
    public static TheoryData<string> Assemblies =>
        ["Freshet.Core", "Freshet", "Freshet.Extensions.Hosting", "Freshet.Tracker", "Freshet.Api", "Freshet.Daemon"];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void The_public_API_is_as_written_down(string name)
    {
        string path = Path.Combine(Repository.Root, "tests", "Freshet.Conventions.Tests", "PublicApi", name + ".txt");
        string actual = string.Join('\n', Describe(AssemblyOf(name))) + "\n";
        if (Environment.GetEnvironmentVariable("UPDATE_PUBLIC_API") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
        }

        Assert.Equal(File.ReadAllText(path), actual);
    }

    private static Assembly AssemblyOf(string name) => name switch
    {
        "Freshet.Core" => typeof(TorrentMetainfo).Assembly,
        "Freshet" => typeof(Session).Assembly,
        "Freshet.Extensions.Hosting" => typeof(SessionHost).Assembly,
        "Freshet.Api" => typeof(Problem).Assembly,
        "Freshet.Daemon" => typeof(DaemonServer).Assembly,
        _ => typeof(TrackerServer).Assembly,
    };

    private static IEnumerable<string> Describe(Assembly assembly)
    {
        foreach (Type type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            yield return type.FullName!;
            const BindingFlags Own = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
            IEnumerable<string> members = type.GetMembers(Own)
                .Where(member => member is not (Type or ConstructorInfo) && !IsOfRecord(member))
                .Select(member => "    " + member.ToString())
                .Order(StringComparer.Ordinal);
            foreach (string member in members)
                yield return string.Format(CultureInfo.InvariantCulture, "{0}", member);
        }
    }

    /// <summary>Members that the compiler adds to records and properties are left out.</summary>
    private static bool IsOfRecord(MemberInfo member) =>
        member.Name is "Equals" or "GetHashCode" or "ToString" or "Deconstruct" or "<Clone>$" or "EqualityContract" or "PrintMembers"
            or "value__"
        || member.Name.StartsWith("get_", StringComparison.Ordinal)
        || member.Name.StartsWith("set_", StringComparison.Ordinal)
        || member.Name.StartsWith("op_", StringComparison.Ordinal);
}

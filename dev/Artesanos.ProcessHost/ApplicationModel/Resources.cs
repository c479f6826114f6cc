namespace Aspire.Hosting.ApplicationModel;

/// <summary>A .NET project of this repository, run as a process.</summary>
public class ProjectResource(string name) : Resource(name), IResourceWithEnvironment,
    IResourceWithArgs, IResourceWithServiceDiscovery, IResourceWithWaitSupport;

/// <summary>Any program, run as a process.</summary>
public class ExecutableResource(string name, string command, string workingDirectory)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints,
    IResourceWithWaitSupport
{
    /// <summary>Program name or path.</summary>
    public string Command { get; } = command;

    /// <summary>Folder it runs in.</summary>
    public string WorkingDirectory { get; } = workingDirectory;
}

/// <summary>A container image. The process engine refuses to start one.</summary>
public class ContainerResource(string name) : Resource(name), IResourceWithEnvironment,
    IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport
{
    internal string Image { get; init; } = "";
}

/// <summary>A PostgreSQL server.</summary>
public class PostgresServerResource(
    string name, ParameterResource? userName, ParameterResource password)
    : ContainerResource(name), IResourceWithConnectionString
{
    internal const string PrimaryEndpointName = "tcp";

    private readonly Dictionary<string, string> _databases = [];

    /// <summary>Where it listens.</summary>
    public EndpointReference PrimaryEndpoint => field ??= new(this, PrimaryEndpointName);

    /// <summary>The superuser's name; <c>postgres</c> if null.</summary>
    public ParameterResource? UserNameParameter { get; } = userName;

    /// <summary>The superuser's password.</summary>
    public ParameterResource PasswordParameter { get; } = password;

    /// <summary>Resource name → database name.</summary>
    public IReadOnlyDictionary<string, string> Databases => _databases;

    /// <inheritdoc/>
    public ReferenceExpression ConnectionStringExpression => UserNameParameter is null
        ? ReferenceExpression.Create(
            $"Host={PrimaryEndpoint.Property(EndpointProperty.Host)};Port={PrimaryEndpoint.Property(
                EndpointProperty.Port)};Username=postgres;Password={PasswordParameter}")
        : ReferenceExpression.Create(
            $"Host={PrimaryEndpoint.Property(EndpointProperty.Host)};Port={PrimaryEndpoint.Property(
                EndpointProperty.Port)};Username={UserNameParameter};Password={PasswordParameter}");

    internal void AddDatabase(string resourceName, string databaseName) =>
        _databases.Add(resourceName, databaseName);
}

/// <summary>A database in a PostgreSQL server; created at start when it is not there.</summary>
public class PostgresDatabaseResource(
    string name, string databaseName, PostgresServerResource postgresParentResource)
    : Resource(name), IResourceWithParent<PostgresServerResource>, IResourceWithConnectionString
{
    /// <summary>Its server.</summary>
    public PostgresServerResource Parent { get; } = postgresParentResource;

    /// <summary>Its name in the server.</summary>
    public string DatabaseName { get; } = databaseName;

    /// <inheritdoc/>
    public ReferenceExpression ConnectionStringExpression =>
        ReferenceExpression.Create($"{Parent};Database={DatabaseName}");
}

/// <summary>A NATS server.</summary>
public class NatsServerResource(
    string name, ParameterResource? userName, ParameterResource? password)
    : ContainerResource(name), IResourceWithConnectionString
{
    internal const string PrimaryEndpointName = "tcp";
    internal const string DefaultUserName = "nats";

    /// <summary>Where it listens.</summary>
    public EndpointReference PrimaryEndpoint => field ??= new(this, PrimaryEndpointName);

    /// <summary>The user's name; <c>nats</c> if null.</summary>
    public ParameterResource? UserNameParameter { get; } = userName;

    /// <summary>The user's password.</summary>
    public ParameterResource? PasswordParameter { get; } = password;

    /// <summary>Null for a single server.</summary>
    internal NatsClusterAnnotation? Cluster =>
        Annotations.OfType<NatsClusterAnnotation>().LastOrDefault();

    /// <inheritdoc/>
    public ReferenceExpression ConnectionStringExpression => (
        UserNameParameter, PasswordParameter) switch
    {
        _ when Cluster is { } cluster => ReferenceExpression.Create($"{cluster.Addresses}"),
        (_, null) => ReferenceExpression.Create(
            $"nats://{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)}"),
        (null, { } password) => ReferenceExpression.Create(
            $"nats://nats:{password}@{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)}"),
        ({ } user, { } password) => ReferenceExpression.Create(
            $"nats://{user}:{password}@{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)}"),
    };
}

-- The person of each identity by the mailmaps, or by its address.
--
-- The settings' mailmap has priority over the repository's. In each, a line for the name
-- and the address has priority over one for the address alone. The addresses with which
-- forges hide the real one are one person per login. An identity without an address, or with
-- a shared one (of the settings, you@example.com, the address of a forge), is known by its name.
--
-- grain: source, identity_name, identity_email
with

identities as (

    select
        *,
        translate(
            identity_name, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz'
        ) as name_key,
        translate(
            identity_email, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz'
        ) as email_key
    from staging.identities

),

mapped as (

    select
        identities.source,
        identities.identity_name,
        identities.identity_email,
        mailmap.mailmap,
        mailmap.proper_name,
        coalesce(mailmap.proper_name, identities.identity_name) as mapped_name,
        mailmap.proper_email is not null as is_readdressed,
        identities.authored_count + identities.committed_count + identities.tagged_count
        > 0 as is_written,
        lower(coalesce(mailmap.proper_email, identities.identity_email)) as mapped_email
    from identities
    left join staging.mailmap as mailmap
        on
            identities.source = mailmap.source
            and identities.email_key = mailmap.email_key
            and (mailmap.name_key is null or identities.name_key = mailmap.name_key)
    qualify
        row_number() over (
            partition by
                identities.source, identities.identity_name, identities.identity_email
            order by mailmap.mailmap desc, mailmap.name_key asc nulls last
        ) = 1

),

addressed as (

    select
        mapped.*,
        kinds.noreply_domain is not null as is_noreply,
        coalesce(
            regexp_replace(
                mapped.mapped_email,
                '^[0-9]+' || regexp_escape(kinds.noreply_separator) || '([^@]+@[^@]+)$',
                '\1'
            ),
            mapped.mapped_email
        ) as address
    from mapped
    left join settings.tracker_kinds as kinds
        on ends_with(mapped.mapped_email, '@' || kinds.noreply_domain)

),

judged as (

    select
        addressed.*,
        addressed.address = ''
        or (
            not addressed.is_readdressed
            and (
                hosts.public_host is not null
                or exists (
                    from settings.shared_addresses as shared
                    where addressed.address glob shared.matcher
                )
                or regexp_full_match(
                    addressed.address,
                    '(?:you|your[._-]?(?:name|e?mail)|none|no[._-]?one|nobody|null|nil'
                    || '|undefined|unknown|anonymous|no[._-]?e?mail|root|invalid)(?:@.*)?'
                    || '|(?:dev|devel|developer|admin|administrator|user|username|name|me|e?mail'
                    || '|test|tester|info|git|foo|bar|example|no-?reply|localhost)'
                    || '(?:@(?:[^.]*|example[.](?:com|org|net)'
                    || '|.*[.](?:invalid|localhost|localdomain|local|lan|[(]none[)])))?'
                )
            )
        ) as is_placeholder
    from addressed
    left join settings.tracker_kinds as hosts
        on
            split_part(addressed.address, '@', 1) in ('noreply', 'no-reply', 'git')
            and split_part(addressed.address, '@', 2) = hosts.public_host

)

select
    source,
    identity_name,
    identity_email,
    mailmap,
    proper_name,
    mapped_name,
    is_noreply,
    is_placeholder,
    is_written,
    coalesce(
        case when is_placeholder then null else address end,
        nullif(lower(mapped_name), ''),
        nullif(address, ''),
        '(nobody)'
    ) as address_person_id
from judged
